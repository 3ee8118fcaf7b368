// SPDX-License-Identifier: MIT
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What users type. */
export const PROGRAM = "ledger-loader";

const MANIFEST = JSON.parse(readFileSync(join(__dirname, "..", "package.json"), "utf8")) as {
  readonly version: string;
  readonly peerDependencies: Readonly<Record<string, string>>;
};

/** The version of this package. */
export const VERSION: string = MANIFEST.version;

/** Packages that are installed beside this one by those who need them: channels and their clients. */
export const OPTIONAL_PACKAGES: readonly string[] = Object.keys(MANIFEST.peerDependencies);
