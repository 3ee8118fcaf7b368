// SPDX-License-Identifier: MIT
import { SETTINGS, type Setting } from "@ledger-loader/core";
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
    "For operators. A loader in `loader.config.ts` may set these parameters. On the command line, `batchSize` is `--batch-size`. All problems",
    "are reported together, before anything is deployed. A parameter with the name of a setting passes that setting on.",
    "",
    "[Rules](deploy-rules.md) say which values fit together, and which limits of AWS hold.",
    "",
    "Coming from AWS's Java loader? [Its parameters](#from-the-java-loaders-templates) are below, by their names.",
    "",
    "## Every loader: the ledger and how events are written",
    "",
    ...renderAll(LOADER_PARAMETERS),
    "",
    "## Every loader: the function",
    "",
    ...renderAll(FUNCTION_PARAMETERS),
    "",
    "## Several channels",
    "",
    ...[...shared].map(
      ([text, names]) => `${text} Channels: ${names.map((name) => `\`${name}\``).join(", ")}.`,
    ),
    "",
    ...channels.flatMap((name) => renderChannel(name, shared)),
    ...renderJavaParameters(channels),
  ].join("\n");
}

/** What several channels say word for word, with the channels. */
function sharedParameters(channels: readonly ChannelName[]): ReadonlyMap<string, readonly ChannelName[]> {
  const named = new Map<string, readonly ChannelName[]>();
  for (const channel of channels) {
    for (const text of renderAll(channelOf(channel).parameters)) {
      named.set(text, [...(named.get(text) ?? []), channel]);
    }
  }
  return new Map([...named].filter(([, names]) => names.length > 1));
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
  const accepts = `Accepts: ${parameter.accepts.replace(/\*/g, "\\*")}.`;
  if (passedOn !== undefined) {
    return `- \`${name}\`: ${passedOn.link}.${passedOn.accepts === parameter.accepts ? "" : ` ${accepts}`}`;
  }
  return [
    `- \`${name}\`: ${parameter.meaning}`,
    accepts,
    `Default: ${describeDefault(parameter)}.`,
    ...(parameter.tradeOff.startsWith("None") ? [] : [parameter.tradeOff]),
  ].join(" ");
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

/** One table: what several templates have stands once, with their channels. */
function renderJavaParameters(channels: readonly ChannelName[]): readonly string[] {
  const rows = new Map<string, readonly string[]>(
    COMMON_JAVA_PARAMETERS.map((row) => [
      javaCells(row, { ...LOADER_PARAMETERS, ...FUNCTION_PARAMETERS }),
      ["all"],
    ]),
  );
  for (const channel of channels) {
    for (const row of JAVA_PARAMETERS[channel]) {
      const cells = javaCells(row, channelOf(channel).parameters);
      rows.set(cells, [...(rows.get(cells) ?? []), `\`${channel}\``]);
    }
  }
  return [
    "## From the Java loader's templates",
    "",
    "The parameters of AWS's templates `qldb-ledger-load-via-*.yml`. There is no template for DynamoDB. The templates fix the function's",
    "timeout of 30 seconds and the batch of 10 messages of SQS: here `timeoutSeconds` and `batchSize`.",
    "",
    ...[...rows].map(([cells, names]) => `- ${cells} Templates: ${names.join(", ")}.`),
    "",
  ];
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
  if (!("defaultValue" in parameter)) return "none; it must be set";
  const { defaultValue } = parameter;
  if (defaultValue === undefined) return "not set";
  return `\`${typeof defaultValue === "string" ? defaultValue : JSON.stringify(defaultValue)}\``;
}
