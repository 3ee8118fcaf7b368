// SPDX-License-Identifier: MIT
import { describeAccepted, SETTINGS, type Setting } from "@ledger-loader/core";
import { DMS_SETTINGS } from "@ledger-loader/dms";
import { DYNAMODB_SETTINGS } from "@ledger-loader/dynamodb";
import { KAFKA_SETTINGS } from "@ledger-loader/msk";
import { CHANNELS, channelOf } from "../app/channels";
import type { ChannelName } from "./channel-name";
import { FUNCTION_PARAMETERS, LOADER_PARAMETERS } from "./function-parameters";
import { COMMON_JAVA_PARAMETERS, JAVA_PARAMETERS, type JavaParameter } from "./java-parameters";
import type { Parameter, Parameters } from "./parameter";

/** Settings with a reference page, by what they mean: a parameter that passes one on means the same. */
const SETTING_PAGES: readonly (readonly [page: string, settings: object])[] = [
  ["configuration.md", SETTINGS],
  ["configuration-dms.md", DMS_SETTINGS],
  ["configuration-dynamodb.md", DYNAMODB_SETTINGS],
  ["kafka-settings.md", KAFKA_SETTINGS],
];

/** The reference page of all parameters, as Markdown. A test compares it with `docs/reference/deploy-parameters.md`. */
export function renderParametersReference(): string {
  const channels = Object.keys(CHANNELS) as ChannelName[];
  const shared = sharedParameters(channels);
  return [
    "# Parameters of a deployment",
    "",
    "<!-- Generated from infra/lib; a test keeps it up to date. -->",
    "",
    "For operators. A loader in `loader.config.ts` may set these parameters. On the command line, `batchSize` is `--batch-size`. A parameter",
    "with the name of a setting passes that setting on. [Rules](deploy-rules.md) tell which values fit together.",
    "",
    "## Every loader: the ledger and how events are written",
    "",
    ...renderAll(LOADER_PARAMETERS),
    "",
    "## Every loader: the function",
    "",
    ...renderAll(FUNCTION_PARAMETERS),
    "",
    ...[...byValue(shared)].flatMap(([names, texts]) => [`## ${names}`, "", ...texts, ""]),
    ...channels.flatMap((name) => renderChannel(name, shared)),
    ...renderJavaParameters(channels),
  ].join("\n");
}

/** Parameters that several channels have word for word, with the names of the channels. */
function sharedParameters(channels: readonly ChannelName[]): ReadonlyMap<string, string> {
  const named = new Map<string, readonly ChannelName[]>();
  for (const channel of channels) {
    for (const text of renderAll(channelOf(channel).parameters)) {
      named.set(text, [...(named.get(text) ?? []), channel]);
    }
  }
  return new Map(
    [...named]
      .filter(([, names]) => names.length > 1)
      .map(([text, names]) => [text, `Channels ${names.map((name) => `\`${name}\``).join(", ")}`]),
  );
}

/** The texts of each heading, in the order of the headings' first texts. */
function byValue(headings: ReadonlyMap<string, string>): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, readonly string[]>();
  for (const [text, heading] of headings) groups.set(heading, [...(groups.get(heading) ?? []), text]);
  return groups;
}

function renderChannel(name: ChannelName, shared: ReadonlyMap<string, unknown>): readonly string[] {
  const own = renderAll(channelOf(name).parameters).filter((text) => !shared.has(text));
  return [`## Channel \`${name}\``, "", ...own, ""];
}

function renderAll(parameters: Parameters): readonly string[] {
  return Object.entries(parameters).map(([name, parameter]) => renderParameter(name, parameter));
}

function renderParameter(name: string, parameter: Parameter<unknown>): string {
  const passedOn = settingOf(parameter);
  if (passedOn !== undefined) {
    const values = passedOn.accepts === parameter.accepts ? "" : ` (${describeAccepted(parameter.accepts)})`;
    return `- \`${name}\`${values}: ${passedOn.link}.`;
  }
  const tradeOff = parameter.tradeOff.startsWith("None") ? [] : [parameter.tradeOff];
  return [`- \`${name}\` (${describeValues(parameter)}): ${parameter.meaning}`, ...tradeOff].join(" ");
}

function describeValues(parameter: Parameter<unknown>): string {
  const default_ = describeDefault(parameter);
  return [
    ...(isFlag(parameter) ? [] : [describeAccepted(parameter.accepts)]),
    ...(default_ === "not set" ? [] : [default_ === "none" ? "required" : `default: ${default_}`]),
  ].join(", ");
}

/** True for a parameter whose default shows that it takes true or false. */
function isFlag({ accepts, defaultValue }: Parameter<unknown>): boolean {
  return accepts === "true or false" && defaultValue !== undefined;
}

/** The setting that a parameter passes on, with a link to it. */
function settingOf({
  meaning,
}: Parameter<unknown>): { readonly link: string; readonly accepts: string } | undefined {
  for (const [page, settings] of SETTING_PAGES) {
    const all = Object.values<Setting<unknown>>(settings as Record<string, Setting<unknown>>);
    const setting = all.find((each) => each.meaning === meaning);
    if (setting !== undefined) return { link: `[\`${setting.name}\`](${page})`, accepts: setting.accepts };
  }
  return undefined;
}

/** Renders the Java loader's parameters. Those of several templates stand once, under their names. */
function renderJavaParameters(channels: readonly ChannelName[]): readonly string[] {
  const rows = new Map<string, string>(
    COMMON_JAVA_PARAMETERS.map((row) => [
      javaCells(row, { ...LOADER_PARAMETERS, ...FUNCTION_PARAMETERS }),
      "Every template",
    ]),
  );
  for (const channel of channels) {
    for (const row of JAVA_PARAMETERS[channel]) {
      const cells = javaCells(row, channelOf(channel).parameters);
      const others = rows.get(cells);
      rows.set(cells, others === undefined ? `Template \`${channel}\`` : `${others}, \`${channel}\``);
    }
  }
  return [
    "## From the Java loader's templates",
    "",
    "The parameters of `qldb-ledger-load-via-*.yml`. These templates also fix a timeout of 30 seconds and batches of 10 messages of SQS: here",
    "`timeoutSeconds` and `batchSize`.",
    "",
    ...[...byValue(rows)].flatMap(([names, texts]) => [`### ${names}`, "", ...listed(texts), ""]),
  ];
}

/** One line for all parameters with the same text behind the colon. */
function listed(texts: readonly string[]): readonly string[] {
  const names = new Map<string, readonly string[]>();
  for (const text of texts) {
    const end = text.indexOf(":");
    const rest = text.slice(end);
    names.set(rest, [...(names.get(rest) ?? []), text.slice(0, end)]);
  }
  return [...names].map(([rest, all]) => `- ${all.join(", ")}${rest}`);
}

function javaCells({ java, javaDefault, here, note = "" }: JavaParameter, parameters: Parameters): string {
  const parameter = here === undefined ? undefined : parameters[here];
  const default_ = parameter === undefined ? undefined : describeDefault(parameter);
  const isSame = javaDefault === undefined || default_ === `\`${javaDefault}\`` || here === undefined;
  return [
    `\`${java}\`${here === undefined ? ":" : `: \`${here}\`.`}`,
    ...(isSame ? [] : [`Default there \`${javaDefault}\`, here ${default_ ?? ""}.`]),
    ...(note === "" ? [] : [note]),
  ].join(" ");
}

function describeDefault(parameter: Parameter<unknown>): string {
  if (!("defaultValue" in parameter)) return "none";
  const { defaultValue } = parameter;
  if (defaultValue === undefined) return "not set";
  return `\`${typeof defaultValue === "string" ? defaultValue : JSON.stringify(defaultValue)}\``;
}
