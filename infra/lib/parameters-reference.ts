// SPDX-License-Identifier: MIT
import { CHANNELS, channelOf, type ChannelName } from "./channels";
import { FUNCTION_PARAMETERS, LOADER_PARAMETERS } from "./function-parameters";
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
    "## Every loader: the ledger and how events are written",
    "",
    renderParameters(LOADER_PARAMETERS),
    "## Every loader: the function",
    "",
    renderParameters(FUNCTION_PARAMETERS),
    ...channels.flatMap((name) => [
      `## Channel \`${name}\``,
      "",
      renderParameters(channelOf(name).parameters),
    ]),
  ].join("\n");
}

function renderParameters(parameters: Parameters): string {
  return Object.entries(parameters)
    .map(([name, parameter]) => renderParameter(name, parameter))
    .join("\n");
}

function renderParameter(name: string, parameter: Parameter<unknown>): string {
  return [
    `### \`${name}\``,
    "",
    parameter.meaning,
    "",
    `- Accepts: ${parameter.accepts.replace(/\*/g, "\\*")}`,
    `- Default: ${describeDefault(parameter)}`,
    `- Trade-off: ${parameter.tradeOff}`,
    ...(parameter.java === undefined ? [] : [`- In the Java loader's templates: \`${parameter.java}\``]),
    "",
  ].join("\n");
}

function describeDefault(parameter: Parameter<unknown>): string {
  if (!("defaultValue" in parameter)) return "none; it must be set";
  const { defaultValue } = parameter;
  if (defaultValue === undefined) return "not set";
  return `\`${typeof defaultValue === "string" ? defaultValue : JSON.stringify(defaultValue)}\``;
}
