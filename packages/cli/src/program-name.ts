// SPDX-License-Identifier: MIT
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What users type. */
export const PROGRAM = "ledger-loader";

/** The version of this package. */
export const VERSION: string = (
  JSON.parse(readFileSync(join(__dirname, "..", "package.json"), "utf8")) as { readonly version: string }
).version;
