// SPDX-License-Identifier: MIT
import { type EventFields, type RevisionEvent, createEvent } from "@ledger-loader/core";
import { dom, load } from "ion-js";
import type { Random } from "./random";

/** One record's events in order; event `i` has version `i`. */
export type RecordHistory = readonly RevisionEvent[];

/** How many histories are made, and of what. */
export interface HistoryOptions {
  readonly table: string;
  readonly records: number;
  /** Events per record; at least one. */
  readonly versionsMax: number;
}

/** Histories of several records: updates, deletions, records inserted anew, redacted revisions, any operation as ANY. */
export function randomHistories(random: Random, options: HistoryOptions): readonly RecordHistory[] {
  const { table, records, versionsMax } = options;
  return Array.from({ length: records }, (_, i) =>
    randomHistory(random, { table, id: `record-${i}.` }, 1 + random.below(versionsMax)),
  );
}

function randomHistory(
  random: Random,
  record: Pick<EventFields, "table" | "id">,
  versions: number,
): RecordHistory {
  let exists = false;
  return Array.from({ length: versions }, (_, version) => {
    const deletes = exists && random.chance(0.25);
    const op = deletes ? "DELETE" : exists ? "UPDATE" : "INSERT";
    const content = deletes ? {} : randomContent(random, version);
    exists = !deletes;
    return createEvent({ op: random.chance(0.2) ? "ANY" : op, ...record, version, ...content });
  });
}

function randomContent(random: Random, version: number): Partial<EventFields> {
  if (random.chance(0.15)) {
    return { dataHash: Uint8Array.from({ length: 32 }, () => random.below(256)) };
  }
  // Some revisions are equal to others of the record: only the version tells them apart.
  const value = random.chance(0.3) ? "1.0" : `${version}.${random.below(1000)}`;
  const text = `{value:${value},at:2021-03-04T05:06:07.${100 + random.below(900)}Z,tags:[a,"b"]}`;
  return { data: load(text) as dom.Struct };
}
