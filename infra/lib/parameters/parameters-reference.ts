// SPDX-License-Identifier: MIT
import { CHANNELS, channelOf } from "../app/channels";
import type { ChannelName } from "./channel-name";
import { FUNCTION_PARAMETERS, LOADER_PARAMETERS } from "./function-parameters";
import { COMMON_JAVA_PARAMETERS, JAVA_PARAMETERS, type JavaParameter } from "./java-parameters";
import type { Parameter, Parameters } from "./parameter";

/** The reference page of all parameters, as Markdown. A test compares it with `docs/reference/deploy-parameters.md`. */
export function renderParametersReference(): string {
  const channels = Object.keys(CHANNELS) as ChannelName[];
  return [
    "# Parameters of a deployment",
    "",
    "<!-- Generated from infra/lib; a test keeps it up to date. -->",
    "",
    "What a loader in `loader.config.ts` may set, and the command line by the same name with hyphens (`batchSize` is",
    "`--batch-size`). All problems are reported at once, before anything is deployed.",
    "",
    "[Rules](deploy-rules.md) say which values fit together, and which limits of AWS hold.",
    "",
    "Coming from AWS's Java loader? [Its parameters](#from-the-java-loaders-templates) are below, by their names.",
    "",
    "## Every loader: the ledger and how events are written",
    "",
    renderParameters(LOADER_PARAMETERS, COMMON_JAVA_PARAMETERS),
    "## Every loader: the function",
    "",
    renderParameters(FUNCTION_PARAMETERS, COMMON_JAVA_PARAMETERS),
    ...channels.flatMap((name) => [
      `## Channel \`${name}\``,
      "",
      renderParameters(channelOf(name).parameters, JAVA_PARAMETERS[name]),
    ]),
    ...renderJavaParameters(channels),
  ].join("\n");
}

function renderParameters(parameters: Parameters, java: readonly JavaParameter[]): string {
  return Object.entries(parameters)
    .map(([name, parameter]) =>
      renderParameter(
        name,
        parameter,
        java.filter(({ here }) => here === name),
      ),
    )
    .join("\n");
}

function renderParameter(
  name: string,
  parameter: Parameter<unknown>,
  java: readonly JavaParameter[],
): string {
  return [
    `### \`${name}\``,
    "",
    parameter.meaning,
    "",
    `- Accepts: ${parameter.accepts.replace(/\*/g, "\\*")}`,
    `- Default: ${describeDefault(parameter)}`,
    `- Trade-off: ${parameter.tradeOff}`,
    ...(java.length === 0
      ? []
      : [`- In the Java loader's templates: ${java.map(({ java: each }) => `\`${each}\``).join(", ")}`]),
    "",
  ].join("\n");
}

/** A table for what the templates of all channels have, and one for each channel's own. */
function renderJavaParameters(channels: readonly ChannelName[]): readonly string[] {
  const common = { ...LOADER_PARAMETERS, ...FUNCTION_PARAMETERS };
  const anchors = anchorsOf([common, ...channels.map((name) => channelOf(name).parameters)]);
  return [
    "## From the Java loader's templates",
    "",
    "The parameters of AWS's templates, `qldb-ledger-load-via-*.yml`, in their order. Defaults are shown where there is one. What the",
    "templates do not let you set, the function's time-out of 30 seconds and the batch of 10 messages of SQS, is `timeoutSeconds` and",
    "`batchSize`. There is no template for DynamoDB.",
    "",
    "### In the templates of all channels",
    "",
    ...renderTable(COMMON_JAVA_PARAMETERS, common, anchors[0]),
    ...channels.flatMap((name, index) =>
      JAVA_PARAMETERS[name].length === 0
        ? []
        : [
            `### In the template of channel \`${name}\``,
            "",
            ...renderTable(JAVA_PARAMETERS[name], channelOf(name).parameters, anchors[index + 1]),
          ],
    ),
  ];
}

/** The anchors of the headings of some sections: one that was there before gets a number. */
function anchorsOf(sections: readonly Parameters[]): readonly ReadonlyMap<string, string>[] {
  const seen = new Map<string, number>();
  return sections.map(
    (parameters) =>
      new Map(
        Object.keys(parameters).map((name) => {
          const slug = name.toLowerCase();
          const count = seen.get(slug) ?? 0;
          seen.set(slug, count + 1);
          return [name, count === 0 ? slug : `${slug}-${count}`];
        }),
      ),
  );
}

function renderTable(
  rows: readonly JavaParameter[],
  parameters: Parameters,
  anchors: ReadonlyMap<string, string> | undefined,
): readonly string[] {
  const heads = ["Java template", "its default", "here", "default", "what is different"];
  const cells = rows.map(({ java, javaDefault = "", here, note = "" }) => {
    const parameter = here === undefined ? undefined : parameters[here];
    const known = parameter !== undefined && "defaultValue" in parameter;
    return [
      `\`${java}\``,
      /^[\w-]+$/.test(javaDefault) ? `\`${javaDefault}\`` : javaDefault,
      here === undefined ? "" : `[\`${here}\`](#${anchors?.get(here) ?? ""})`,
      known ? describeDefault(parameter) : "",
      note,
    ];
  });
  const widths = heads.map((head, i) => Math.max(head.length, ...cells.map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(" | ")} |`;
  return [line(heads), line(widths.map((width) => "-".repeat(width))), ...cells.map(line), ""];
}

function describeDefault(parameter: Parameter<unknown>): string {
  if (!("defaultValue" in parameter)) return "none; it must be set";
  const { defaultValue } = parameter;
  if (defaultValue === undefined) return "not set";
  return `\`${typeof defaultValue === "string" ? defaultValue : JSON.stringify(defaultValue)}\``;
}
