// SPDX-License-Identifier: MIT
import { existsSync } from "node:fs";
import path from "node:path";
import { CHANNELS, channelOf, parametersOf } from "./channels";
import { checkExtensions } from "../constructs/check-extensions";
import { isMappingFile } from "../constructs/mapping-file";
import { DeploymentConfigError } from "../infra-errors";
import type { ChannelName } from "../parameters/channel-name";
import type { LoaderValues } from "../parameters/function-parameters";
import type { Placement } from "../parameters/placement";
import { readParameter } from "../parameters/read-parameter";
import { checkShared } from "../rules/app-rules";
import { checkLoader } from "../rules/check-loader";
import type { SourceExport } from "../constructs/source-export";
import { describeUnknownName } from "../parameters/unknown-name";

/** A loader that can be deployed. */
export interface ParsedLoader {
  readonly channel: ChannelName;
  readonly id: string;
  readonly placement: Pick<Placement, "region" | "account" | "stackName">;
  readonly values: LoaderValues;
}

type Entry = Readonly<Record<string, unknown>>;

const PLACEMENT: Readonly<Record<string, { readonly accepts: string; readonly pattern: RegExp }>> = {
  id: { accepts: "1 to 60 letters, digits and hyphens", pattern: /^[A-Za-z][A-Za-z0-9-]{0,59}$/ },
  region: { accepts: "an AWS region", pattern: /^[a-z]{2}(-[a-z]+)+-\d$/ },
  account: { accepts: "an AWS account of 12 digits", pattern: /^\d{12}$/ },
  stackName: {
    accepts: "1 to 128 letters, digits and hyphens, of which the first is a letter",
    pattern: /^[A-Za-z][A-Za-z0-9-]{0,127}$/,
  },
};
/** Parameters that name one file each, whatever the channel. */
const FILES = ["maskingFile", "tableIdFieldsFile"];
const EXTENSIONS = ["revisionWriter", "loadEventMapper"];
/** Parameters with ARNs of the loader's own region. A topic of events and the secrets may be elsewhere. */
const IN_REGION = [
  "queueArn",
  "streamArn",
  "clusterArn",
  "scramSecretArn",
  "scramKeyArn",
  "alarmTopicArn",
  "deadLetterQueueArn",
  "receiptQueueArn",
  "encryptionKeyArn",
];

/**
 * Reads what a `loader.config.ts` exports, or what flags say. Files are looked for from `folder` on.
 *
 * @throws DeploymentConfigError naming every problem of every loader at once.
 */
export function parseLoaders(file: unknown, folder: string): readonly ParsedLoader[] {
  const loaders = (file as { readonly loaders?: unknown } | undefined)?.loaders;
  if (!Array.isArray(loaders) || loaders.length === 0) {
    throw new DeploymentConfigError([
      "loaders: expected an array of loaders, as `export default defineLoaders({ loaders: [...] })` gives it, found none",
    ]);
  }
  const problems: string[] = [];
  const parsed = (loaders as readonly unknown[]).flatMap((loader, index) => {
    const own: string[] = [];
    const result = parseLoader(loader, folder, own);
    const { id, channel } = (loader ?? {}) as Entry;
    const name = [id, channel].find((each) => typeof each === "string");
    const title = `loader ${index + 1}${typeof name === "string" ? ` (${name})` : ""}`;
    problems.push(...own.map((problem) => `${title}: ${problem}`));
    return result === undefined ? [] : [result];
  });
  const ids = parsed.map(({ id }) => id);
  // Two stacks of one name in different regions would be two stacks of one CDK app with one id.
  for (const id of new Set(ids.filter((each, index) => ids.indexOf(each) !== index))) {
    problems.push(
      `loader ${id}: id: expected another one for each loader, found it ${ids.filter((each) => each === id).length} times`,
    );
  }
  const subjects = parsed.map(({ id: name, channel, values, placement }) => ({
    name: `loader ${name}`,
    channel,
    values,
    ...placement,
  }));
  problems.push(...checkShared(subjects).map(({ name, problem }) => `${name}: ${problem}`));
  if (problems.length > 0) throw new DeploymentConfigError(problems);
  return parsed;
}

/** The parameters that are set. */
function namesOf(entry: Entry): ReadonlySet<string> {
  return new Set(Object.keys(entry).filter((name) => entry[name] !== undefined));
}

function parseLoader(loader: unknown, folder: string, problems: string[]): ParsedLoader | undefined {
  const entry = (typeof loader === "object" && loader !== null ? loader : {}) as Entry;
  const { channel } = entry;
  if (typeof channel !== "string" || !Object.hasOwn(CHANNELS, channel)) {
    problems.push(
      `channel: expected one of ${Object.keys(CHANNELS).join(", ")}, found ${typeof channel === "string" ? channel : "none"}`,
    );
    return undefined;
  }
  const name = channel as ChannelName;
  const parameters = parametersOf(name);
  for (const key of Object.keys(entry)) {
    if (key !== "channel" && !(key in parameters) && !(key in PLACEMENT)) {
      problems.push(`${key}: expected a parameter of the channel ${name}, ${describeUnknownName(key, name)}`);
    }
  }
  for (const [key, { accepts, pattern }] of Object.entries(PLACEMENT)) {
    const value = entry[key];
    if (value !== undefined && !(typeof value === "string" && pattern.test(value))) {
      problems.push(`${key}: expected ${accepts}, found ${JSON.stringify(value)}`);
    }
  }
  const wrong = new Set<string>();
  const pairs = Object.entries(parameters).map(([key, parameter]) => {
    const own: string[] = [];
    const value = resolveFiles(name, key, readParameter(key, parameter, entry[key], own), folder, own);
    if (own.length === 0) return [key, value];
    wrong.add(key);
    problems.push(...own);
    return [key, parameter.defaultValue];
  });
  const values = Object.fromEntries(pairs) as LoaderValues;
  const further = [
    ...checkRegions(values, entry),
    ...checkLoader({ channel: name, values, given: namesOf(entry), region: (entry as Placement).region }),
    ...checkExtensions(values, values.maskingKeySecret !== undefined),
  ];
  // What is wrong by itself was said; its default, in its place, is nobody's mistake.
  problems.push(...further.filter((problem) => !wrong.has(problem.slice(0, problem.indexOf(":")))));
  const { id = name, region, account, stackName } = entry as Placement;
  return { channel: name, id, placement: { region, account, stackName }, values };
}

/** Paths are relative to the configuration, wherever the command is run. */
function resolveFiles(
  name: ChannelName,
  key: string,
  value: unknown,
  folder: string,
  problems: string[],
): unknown {
  const isFile =
    [...FILES, ...(channelOf(name).files ?? [])].includes(key) || (key === "mapping" && isMappingFile(value));
  const isExtension = EXTENSIONS.includes(key) && typeof value === "object";
  if (value === undefined || (!isFile && !isExtension)) return value;
  const source = isFile ? (value as string) : (value as SourceExport).entry;
  const file = path.resolve(folder, source);
  if (!existsSync(file)) problems.push(`${key}: expected a file, found none at ${file}`);
  return isFile ? file : { ...(value as SourceExport), entry: file };
}

/** A named resource must be where the loader is, for Lambda and CloudWatch go to no other region. */
function checkRegions(values: LoaderValues, { region }: Placement): readonly string[] {
  return Object.entries(values).flatMap(([key, value]: [string, unknown]) => {
    if (!IN_REGION.includes(key) || typeof value !== "string" || region === undefined) return [];
    const [, , , found = ""] = value.split(":");
    return found === region ? [] : [`${key}: expected one in ${region}, where the loader is, found ${value}`];
  });
}
