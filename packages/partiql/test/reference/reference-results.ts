// SPDX-License-Identifier: MIT
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { referenceStatements } from "./statements";

const FILE = path.join(__dirname, "results.txt");
const header = `# sha256 of the statements: ${createHash("sha256").update(referenceStatements.join("\n")).digest("hex")}`;

/** The answers of partiql-lang-kotlin 0.4.0 to each of `referenceStatements`: Ion text, or `error`. */
export function readReferenceResults(): readonly string[] {
  const [found, ...results] = readFileSync(FILE, "utf8").trimEnd().split("\n");
  if (found === header) return results;
  throw new Error(
    "Expected the results of these statements, found those of others: run this test with UPDATE_REFERENCE=1 where Java is.",
  );
}

/** Keeps what the reference has answered. */
export function writeReferenceResults(results: readonly string[]): void {
  writeFileSync(FILE, `${[header, ...results].join("\n")}\n`);
}
