// SPDX-License-Identifier: MIT
import type { EventFields } from "@ledger-loader/core";
import { dom } from "ion-js";
import type { Bookkeeping, Life } from "../src/writer/bookkeeping";
import type { StoredContent } from "../src/writer/content";
import type { Readings } from "../src/writer/decide";
import type { Snapshot } from "../src/writer/snapshot";

/** The content of one version of a record: the field `n` of its document, or its deletion. */
export type Entry = number | "deleted";

/** All that was ever loaded of one record. */
export interface RecordHistory {
  /** The version of the first entry: above 0 where the history started later. */
  readonly start: number;
  readonly entries: readonly Entry[];
  /** The last position applied, for records that came with positions. */
  readonly position?: EventFields["position"];
}

/** The last version of a history; -1 for a record of which nothing is known. */
export function lastVersionOf({ start, entries }: RecordHistory): number {
  return entries.length === 0 ? -1 : start + entries.length - 1;
}

/** The readings of a transaction from a ledger that holds the history. */
export function toReadings(recordKey: string, id: string, history: RecordHistory): Readings {
  const lives = toLives(history);
  return {
    snapshots: new Map([[recordKey, toSnapshot(history, lives)]]),
    revisions: new Map(lives.flatMap((life) => revisionsOf(life, id))),
  };
}

/** One document of a record: from its creation to its deletion, or to now. */
interface DocumentLife extends Life {
  readonly entries: readonly Entry[];
}

function toLives({ start, entries }: RecordHistory): readonly DocumentLife[] {
  const lives: DocumentLife[] = [];
  for (const [i, entry] of entries.entries()) {
    const open = lives.at(-1);
    if (open !== undefined && !hasEnded(open)) {
      lives[lives.length - 1] = { ...open, entries: [...open.entries, entry] };
    } else {
      const named = entry === "deleted" ? {} : { documentId: `document${lives.length}` };
      lives.push({ firstVersion: start + i, entries: [entry], ...named });
    }
  }
  return lives;
}

function hasEnded({ entries }: DocumentLife): boolean {
  return entries.at(-1) === "deleted";
}

function toSnapshot(history: RecordHistory, lives: readonly DocumentLife[]): Snapshot {
  const open = lives.find((life) => !hasEnded(life));
  const current = open?.documentId && {
    documentId: open.documentId,
    version: open.entries.length - 1,
  };
  const needsNone =
    history.entries.length === 0 || (history.position === undefined && open?.firstVersion === 0);
  return {
    ...(current ? { current } : {}),
    ...(needsNone ? {} : { bookkeeping: toBookkeeping(history, lives), bookkeepingId: "bookkeeping" }),
  };
}

function toBookkeeping(history: RecordHistory, lives: readonly DocumentLife[]): Bookkeeping {
  const open = lives.find((life) => !hasEnded(life));
  return {
    lives: lives.filter(hasEnded).map(({ entries: _entries, ...life }) => life),
    ...(open === undefined
      ? { deletedVersion: lastVersionOf(history) }
      : { firstVersion: open.firstVersion }),
    position: history.position?.map(BigInt),
  };
}

function revisionsOf({ documentId, entries }: DocumentLife, id: string): readonly [string, StoredContent][] {
  if (documentId === undefined) return [];
  return entries.map((entry, version) => [
    `${documentId} ${version}`,
    entry === "deleted" ? {} : { data: toDocument(entry, id) },
  ]);
}

function toDocument(n: number, id: string): dom.Struct {
  const fields: [string, dom.Value][] = [
    ["n", dom.Value.from(n)],
    ["oldDocumentId", dom.Value.from(id)],
  ];
  return new dom.Struct(fields);
}
