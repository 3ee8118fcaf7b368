// SPDX-License-Identifier: MIT
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The name that users type. */
export const PROGRAM = "ledger-loader";

const MANIFEST = JSON.parse(readFileSync(join(__dirname, "..", "package.json"), "utf8")) as {
  readonly version: string;
  readonly peerDependencies: Readonly<Record<string, string>>;
};

/** The version of this package. */
export const VERSION: string = MANIFEST.version;

/** Packages that are installed beside this one by those who need them: channels and their clients. */
export const OPTIONAL_PACKAGES: readonly string[] = Object.keys(MANIFEST.peerDependencies);

/** One line about the program. */
export const SUMMARY =
  "Verify, replay and keep Amazon QLDB journals; load events into a QLDB-compatible ledger.";

/** Variables that matter to most commands. */
export const ROOT_ENVIRONMENT: readonly (readonly [name: string, meaning: string])[] = [
  ["LEDGER_ENDPOINT", "the address of the ledger server"],
  ["AWS_REGION", "the region of queues, streams and buckets"],
  ["AWS_ENDPOINT_URL", "an emulator in the place of AWS"],
  ["NO_COLOR", "no colours on a terminal"],
];
