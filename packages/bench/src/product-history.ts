// SPDX-License-Identifier: MIT
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";

/** One revision of the real history. */
export interface ProductRevision {
  readonly op: "INSERT" | "UPDATE" | "DELETE";
  readonly table: string;
  readonly id: string;
  readonly version: number;
  /** Absent in deletions. */
  readonly data?: Readonly<Record<string, unknown>>;
}

const FILE = "docs/examples/data/product-releases.jsonl.gz";

/** Reads the real edit history that comes with the examples: its transactions in order, each with its revisions. */
export function readProductHistory(): readonly (readonly ProductRevision[])[] {
  const lines = gunzipSync(readFileSync(findUpwards(FILE)))
    .toString("utf8")
    .trimEnd()
    .split("\n");
  return lines.map((line) => (JSON.parse(line) as { events: ProductRevision[] }).events);
}

/** The data belongs to the repository: this package is never installed anywhere else. */
function findUpwards(file: string): string {
  for (let folder = process.cwd(); ; folder = path.dirname(folder)) {
    const candidate = path.join(folder, file);
    if (existsSync(candidate)) return candidate;
    if (path.dirname(folder) === folder) {
      throw new Error(
        `Expected ${file} in this folder or above, found none. Run from within the repository.`,
      );
    }
  }
}
