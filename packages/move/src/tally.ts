// SPDX-License-Identifier: MIT
import type { Outcome, RejectReason, RevisionEvent, SkipReason } from "@ledger-loader/core";
import { idText } from "./id-text";

/** How an event ended: applied or not, or accepted by a channel, where others will see to it. */
export type EventEnd = Outcome | { readonly status: "published" };

/** The subject of an event, as far as that is known. */
export interface Subject {
  readonly table?: string | undefined;
  /** The record's id as text. */
  readonly id?: string | undefined;
  readonly version?: number | undefined;
}

/** The subject of an event that could be read. */
export function subjectOf(event: RevisionEvent | undefined): Subject {
  if (event === undefined) return {};
  const { table, id, version } = event;
  return { table, id: id && idText(id), version };
}

/** An event that was not applied, and where it came from. */
export interface RejectedEvent extends Subject {
  /** Where in the source: `block 12`, `line 3`. */
  readonly place: string;
  readonly reason: RejectReason;
  /** Expected, found, and what to do. Never holds content. */
  readonly detail: string;
}

/** How many events of one table ended how. */
export interface TableCounts {
  readonly table: string;
  readonly written: number;
  readonly published: number;
  readonly skipped: number;
  readonly rejected: number;
}

/** How many events ended how, in all and by table, and which were rejected. */
export interface TallyReport {
  readonly events: number;
  readonly written: number;
  readonly published: number;
  readonly skipped: Readonly<Partial<Record<SkipReason, number>>>;
  readonly rejected: Readonly<Partial<Record<RejectReason, number>>>;
  readonly rejectedTotal: number;
  /** Source transactions that the ledger's limits spread over several transactions. */
  readonly split: number;
  /** The first rejected events, in the order of the source. */
  readonly rejectedEvents: readonly RejectedEvent[];
  /** In the order of their names. */
  readonly tables: readonly TableCounts[];
}

/** Rejected events that a report names; all are counted. */
const REJECTED_LISTED_MAX = 1_000;

/** Counts events as they end. */
export class Tally {
  #events = 0;
  #split = 0;
  readonly #totals = { written: 0, published: 0, skipped: 0, rejected: 0 };
  readonly #skipped = new Map<SkipReason, number>();
  readonly #rejected = new Map<RejectReason, number>();
  readonly #rejectedEvents: RejectedEvent[] = [];
  readonly #tables = new Map<
    string,
    { written: number; published: number; skipped: number; rejected: number }
  >();

  /** Events counted so far. */
  get events(): number {
    return this.#events;
  }

  /** Events rejected so far. */
  get rejected(): number {
    return this.#totals.rejected;
  }

  /** Counts one event; returns its entry for the list of rejected events if it was rejected. */
  add(place: string, subject: Subject, end: EventEnd): RejectedEvent | undefined {
    this.#events += 1;
    this.#totals[end.status] += 1;
    if (subject.table !== undefined) this.#tableOf(subject.table)[end.status] += 1;
    if (end.status === "skipped") increment(this.#skipped, end.reason);
    if (end.status !== "rejected") return undefined;
    return this.#addRejected({ place, ...subject, reason: end.reason, detail: end.detail });
  }

  /** Counts a source transaction that was split. */
  addSplit(): void {
    this.#split += 1;
  }

  /** The counts so far. */
  report(): TallyReport {
    return {
      events: this.#events,
      written: this.#totals.written,
      published: this.#totals.published,
      skipped: Object.fromEntries(this.#skipped),
      rejected: Object.fromEntries(this.#rejected),
      rejectedTotal: this.#totals.rejected,
      split: this.#split,
      rejectedEvents: [...this.#rejectedEvents],
      tables: [...this.#tables]
        .map(([table, counts]) => ({ table, ...counts }))
        .sort((a, b) => (a.table < b.table ? -1 : 1)),
    };
  }

  #addRejected(rejected: RejectedEvent): RejectedEvent {
    increment(this.#rejected, rejected.reason);
    if (this.#rejectedEvents.length < REJECTED_LISTED_MAX) this.#rejectedEvents.push(rejected);
    return rejected;
  }

  #tableOf(table: string): Record<EventEnd["status"], number> {
    const known = this.#tables.get(table);
    if (known !== undefined) return known;
    const counts = { written: 0, published: 0, skipped: 0, rejected: 0 };
    this.#tables.set(table, counts);
    return counts;
  }
}

function increment<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
