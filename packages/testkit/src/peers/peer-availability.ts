// SPDX-License-Identifier: MIT
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { TestServiceError } from "./guarded-process";

/** The real services that tests can run against, besides those from npm. */
export type PeerName =
  | "kafka"
  | "dynamodb-local"
  | "moto"
  | "aws-lambda-ric"
  | "qldb-driver-java"
  | "qldb-driver-python"
  | "partiql-reference"
  | "mermaid";

/** The readiness of what a suite needs, or the reason why it is missing. */
export type Readiness = { readonly available: true } | { readonly available: false; readonly reason: string };

/** The folder of a service, or the reason why it cannot be started here. */
export type Availability =
  | { readonly available: true; readonly folder: string }
  | { readonly available: false; readonly reason: string };

interface PeerDefinition {
  readonly title: string;
  readonly version: string;
  readonly maven?: readonly string[];
  readonly pip?: readonly string[];
}

const JAVA_MAJOR_MIN = 17;

/**
 * Tells whether a service can be started here. It never downloads: `./scripts/fetch-peers` does.
 *
 * With `LEDGER_LOADER_REQUIRE_PEERS=1` it throws instead of answering no, so that a CI run cannot skip in silence.
 *
 * @throws TestServiceError if the service is required and not available
 */
export function peerAvailability(name: PeerName): Availability {
  const availability = lookUp(name);
  if (!availability.available && process.env["LEDGER_LOADER_REQUIRE_PEERS"] === "1") {
    throw new TestServiceError(
      `Expected ${name}, which LEDGER_LOADER_REQUIRE_PEERS asks for: ${availability.reason}`,
    );
  }
  return availability;
}

/** Returns the folder of a service. @throws TestServiceError if it is not available */
export function requirePeer(name: PeerName): string {
  const availability = peerAvailability(name);
  if (availability.available) return availability.folder;
  throw new TestServiceError(`Expected ${name} to be available: ${availability.reason}`);
}

/**
 * Returns `describe` if the service is available. If not, what it returns skips the suite, puts the reason into its title
 * and prints it, so that nobody takes the run for a complete one:
 *
 * `describeWhen(peerAvailability("kafka"), describe)("on a real broker", () => { … })`
 */
export function describeWhen(
  availability: Availability | Readiness,
  describe: DescribeLike,
): (title: string, body: () => void) => void {
  if (availability.available) return describe;
  return (title, body) => {
    process.stderr.write(`SKIPPED: ${title}: ${availability.reason}\n`);
    describe.skip(`${title} [${availability.reason}]`, body);
  };
}

/** Jest's `describe`: given by the test, since it cannot be imported outside of a test run. */
export interface DescribeLike {
  (title: string, body: () => void): void;
  skip(title: string, body: () => void): void;
}

function lookUp(name: PeerName): Availability {
  const { title, version, maven, pip } = definitionOf(name);
  // The same folder as in peers/fetch.mjs.
  const cache =
    process.env["LEDGER_LOADER_PEERS_DIR"] ??
    path.join(process.env["XDG_CACHE_HOME"] ?? path.join(homedir(), ".cache"), "ledger-loader", "peers");
  const folder = path.join(cache, `${name}-${version}`);
  if (!existsSync(folder)) {
    return { available: false, reason: `${title} ${version} is not here: run ./scripts/fetch-peers ${name}` };
  }
  const reason = (maven && reasonAgainstJava()) ?? (pip && reasonAgainstPython());
  return reason === undefined ? { available: true, folder } : { available: false, reason };
}

function definitionOf(name: PeerName): PeerDefinition {
  const file = path.join(__dirname, "../..", "peers", "peers.json");
  return (JSON.parse(readFileSync(file, "utf8")) as Record<PeerName, PeerDefinition>)[name];
}

function reasonAgainstJava(): string | undefined {
  const found = spawnSync("java", ["-version"], { encoding: "utf8", env: process.env, timeout: 20_000 });
  if (found.error !== undefined)
    return `Java ${JAVA_MAJOR_MIN} or newer is needed, there is no java on the PATH`;
  const major = /version "(\d+)/.exec(found.stderr)?.[1] ?? "an unknown version";
  return Number(major) >= JAVA_MAJOR_MIN
    ? undefined
    : `Java ${JAVA_MAJOR_MIN} or newer is needed, found ${major}`;
}

function reasonAgainstPython(): string | undefined {
  const found = spawnSync("python3", ["--version"], { env: process.env, timeout: 20_000 });
  return found.error === undefined ? undefined : "Python 3 is needed, there is no python3 on the PATH";
}
