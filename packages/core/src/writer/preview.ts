// SPDX-License-Identifier: MIT
import type { StoredContent } from "./content";
import type { Change } from "../judge/judge";
import type { Draft } from "./draft";
import { revisionKey } from "./read-snapshots";
import { bookkeepingAfter, type CommittedRevision, type Snapshot } from "./snapshot";
import type { dom } from "ion-js";

/** What one transaction has read. */
interface Readings {
  readonly snapshots: ReadonlyMap<string, Snapshot>;
  readonly revisions: ReadonlyMap<string, StoredContent>;
}

/**
 * What the ledger would hold if the events judged so far had been written: laid over what is read from it, so that a whole
 * history can be judged without writing any of it.
 */
export class Preview {
  readonly #snapshots = new Map<string, Snapshot>();
  readonly #revisions = new Map<string, StoredContent>();

  /** Begins one run of a transaction; what it would write counts only after `keep`, as a run may be repeated. */
  begin(): PreviewRun {
    return new PreviewRun(this.#snapshots, this.#revisions);
  }
}

/** One run of a transaction that writes nothing. */
export class PreviewRun {
  readonly #keptSnapshots: Map<string, Snapshot>;
  readonly #keptRevisions: Map<string, StoredContent>;
  readonly #snapshots = new Map<string, Snapshot>();
  readonly #revisions = new Map<string, StoredContent>();

  constructor(snapshots: Map<string, Snapshot>, revisions: Map<string, StoredContent>) {
    this.#keptSnapshots = snapshots;
    this.#keptRevisions = revisions;
  }

  /** The snapshots as they would be. */
  overSnapshots(read: Readings["snapshots"]): Readings["snapshots"] {
    return new Map([...read].map(([key, snapshot]) => [key, this.#keptSnapshots.get(key) ?? snapshot]));
  }

  /** The revisions as they would be. */
  overRevisions(read: Readings["revisions"]): Readings["revisions"] {
    return new Map([...read, ...this.#keptRevisions]);
  }

  /** Notes what an event would change. */
  note(
    change: Change,
    { event, recordKey }: Draft,
    before: Snapshot,
    document: dom.Struct | undefined,
  ): void {
    if (recordKey === undefined) return;
    const bookkeeping = bookkeepingAfter(change, event, before) ?? before.bookkeeping;
    const current = currentAfter(change, recordKey, before, document);
    this.#snapshots.set(recordKey, {
      current,
      bookkeeping,
    });
    if (current?.data !== undefined) this.#revisions.set(revisionKey(current), { data: current.data });
  }

  /** Makes what was noted count for the transactions that follow. */
  keep(): void {
    for (const [key, snapshot] of this.#snapshots) this.#keptSnapshots.set(key, snapshot);
    for (const [key, revision] of this.#revisions) this.#keptRevisions.set(key, revision);
  }
}

function currentAfter(
  change: Change,
  recordKey: string,
  { current, bookkeeping }: Snapshot,
  document: dom.Struct | undefined,
): CommittedRevision | undefined {
  const data = document === undefined ? {} : { data: document };
  // No document id of the ledger is that long.
  const fresh = `${recordKey} ${bookkeeping?.lives.length ?? 0}`;
  if (change === "create") return { documentId: fresh, version: 0, ...data };
  if (change !== "replace" || current === undefined) return undefined;
  return { documentId: current.documentId, version: current.version + 1, ...data };
}
