// SPDX-License-Identifier: MIT
import { readFile } from "node:fs/promises";
import path from "node:path";
import { gunzipSync } from "node:zlib";

/** One transaction of the real history, as the events of one delivery. */
export interface SourceTransaction {
  /** The commit of the source repository. */
  readonly commit: string;
  /** The events as JSON: one list, which the loader writes all or nothing. */
  readonly body: string;
  readonly eventCount: number;
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
    return { commit, body: JSON.stringify(events), eventCount: events.length };
  });
}
