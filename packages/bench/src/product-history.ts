// SPDX-License-Identifier: MIT
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { findUpwards } from "./find-upwards";

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
