// SPDX-License-Identifier: MIT
import path from "node:path";
import { CHANNELS, parametersOf } from "./channels";
import { dashboardNames, stackName } from "./create-app";
import type { ChannelName } from "../parameters/channel-name";
import { DeploymentConfigError } from "../infra-errors";
import { loadAppFile, type LoaderApp } from "./load-config-file";
import { parseLoaders } from "./parse-loaders";
import { nearestName } from "../parameters/unknown-name";

/** A call of `cdk`. */
export interface StackCommand {
  readonly args: readonly string[];
  /** How the app that `cdk` runs learns its loaders. */
  readonly environment: Readonly<Record<string, string>>;
}

const VERBS = ["deploy", "diff", "synth", "destroy"] as const;
const PLACEMENT_FLAGS = ["id", "region", "account", "stackName"];

/** Printed by `--help`, and where a command cannot be understood. */
export const STACK_USAGE = `Usage: pnpm --filter infra run (${VERBS.join("|")}) CHANNEL|ID|dashboard|all [OPTIONS] [-- CDK OPTIONS]

  CHANNEL   ${Object.keys(CHANNELS).join(", ")}
  ID        a loader of the configuration, by its id
  dashboard the dashboard of the configuration's loaders
  all       every loader of the configuration, and the dashboard

Options:
  --config FILE   the configuration; ./loader.config.ts unless set
  --PARAMETER V   a loader without a configuration: --ledger-name vehicles --batch-size 10; every parameter of
                  docs/reference/deploy-parameters.md, and --id, --region, --account, --stack-name

Examples:
  pnpm --filter infra run synth all
  pnpm --filter infra run deploy sqs --ledger-name vehicles --ledger-endpoint https://ledger.example.com
  pnpm --filter infra run deploy kinesis -- --profile prod --require-approval never
`;

/**
 * Turns the words of a command into those of `cdk`: the stacks that are meant, and the app that makes them.
 *
 * @param words the verb, what is meant, and options
 * @param folder where the user stands; files are looked for from there on
 * @param program the app that `cdk` runs
 * @throws DeploymentConfigError naming every problem at once.
 */
export function toStackCommand(words: readonly string[], folder: string, program: string): StackCommand {
  const end = words.indexOf("--");
  const [verb = "", selection = "", ...options] = end < 0 ? words : words.slice(0, end);
  const cdkOptions = end < 0 ? [] : words.slice(end + 1);
  if (!VERBS.some((each) => each === verb))
    throw refuse(`expected ${VERBS.join(", ")}, found ${verb || "nothing"}`);
  if (selection === "" || selection.startsWith("--"))
    throw refuse("expected a channel, an id or all, found none");
  const { config, flags } = readOptions(options);
  const isFlagsOnly = Object.keys(flags).length > 0;
  if (isFlagsOnly && config !== undefined) {
    throw refuse("expected --config, or parameters as flags, found both");
  }
  const file = path.resolve(folder, config ?? "loader.config.ts");
  const definition = { loaders: [{ channel: selection, ...flags }] };
  const app = isFlagsOnly
    ? { loaders: parseLoaders(definition, folder), dashboard: false }
    : loadAppFile(file);
  const stacks = select(app, selection);
  return {
    // The stacks need no others; without that word, the code of all loaders would be bundled each time.
    args: [
      verb,
      ...stacks,
      "--exclusively",
      "--app",
      program,
      ...(verb === "synth" ? ["--quiet"] : []),
      ...cdkOptions,
    ],
    environment: isFlagsOnly
      ? { LOADER_DEFINITION: JSON.stringify(definition), LOADER_FOLDER: folder }
      : { LOADER_CONFIG: file },
  };
}

/** Reads `--name value` and `--name=value`; the names are those of parameters, with hyphens or as they are. */
function readOptions(options: readonly string[]): {
  readonly config: string | undefined;
  readonly flags: Readonly<Record<string, string>>;
} {
  const problems: string[] = [];
  const flags: Record<string, string> = {};
  const known = new Set([...PLACEMENT_FLAGS, "config", ...Object.keys(CHANNELS).flatMap(namesOf)]);
  for (let i = 0; i < options.length; i++) {
    const [, name, inline] = /^--([a-z][a-z0-9-]*)(?:=(.*))?$/is.exec(options[i] ?? "") ?? [];
    const value = inline ?? options[i + 1];
    const key = name?.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
    if (key === undefined || !known.has(key)) {
      const nearest = key === undefined ? undefined : nearestName(key, known);
      const hint =
        nearest === undefined ? "what cdk takes goes behind --" : `did you mean ${flagOf(nearest)}?`;
      problems.push(`expected --config or a parameter, found ${options[i] ?? ""}; ${hint}`);
      if (name !== undefined && inline === undefined) i++;
    } else if (value === undefined) problems.push(`expected a value behind --${name ?? ""}, found none`);
    else {
      flags[key] = value;
      if (inline === undefined) i++;
    }
  }
  if (problems.length > 0) throw new DeploymentConfigError(problems);
  const { config, ...rest } = flags;
  return { config, flags: rest };
}

function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function namesOf(channel: string): readonly string[] {
  return Object.keys(parametersOf(channel as ChannelName));
}

/** The stacks that are meant: an id names one, a channel all of its loaders. */
function select({ loaders, dashboard }: LoaderApp, selection: string): readonly string[] {
  const dashboards = dashboard && ["all", "dashboard"].includes(selection) ? dashboardNames(loaders) : [];
  const meant = loaders.filter(
    ({ channel, id }) => selection === "all" || id === selection || channel === selection,
  );
  const names = [...meant.map(({ id }) => stackName(id)), ...dashboards];
  if (names.length > 0) return names;
  const found = loaders.map(({ channel, id }) => (id === channel ? id : `${id} (${channel})`)).join(", ");
  throw refuse(
    `expected a loader of the configuration named ${selection}, or of that channel, found ${found}`,
  );
}

function refuse(problem: string): DeploymentConfigError {
  return new DeploymentConfigError([`the command: ${problem}. See --help`]);
}
