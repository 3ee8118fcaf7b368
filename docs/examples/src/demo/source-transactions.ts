// SPDX-License-Identifier: MIT
import { readFile } from "node:fs/promises";
import path from "node:path";
import { gunzipSync } from "node:zlib";

/** One transaction of the real history. */
export interface SourceTransaction {
  /** The commit of the source repository. */
  readonly commit: string;
  /** Its events, each as JSON. */
  readonly events: readonly string[];
}

const HISTORY = path.join(__dirname, "..", "..", "data", "product-releases.jsonl.gz");

/** Reads the edit history in `docs/examples/data`, in order. */
export async function readSourceTransactions(): Promise<readonly SourceTransaction[]> {
  const lines = gunzipSync(await readFile(HISTORY))
    .toString("utf8")
    .trimEnd()
    .split("\n");
  return lines.map((line) => {
    const { commit, events } = JSON.parse(line) as { commit: string; events: readonly unknown[] };
    return { commit, events: events.map((event) => JSON.stringify(event)) };
  });
}
