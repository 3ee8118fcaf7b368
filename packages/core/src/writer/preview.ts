// SPDX-License-Identifier: MIT
import type { StoredContent } from "./content";
import type { Change } from "../judge/judge";
import type { Draft } from "./draft";
import type { RevisionRef } from "./proof-plan";
import { revisionKey } from "./read-snapshots";
import { bookkeepingAfter, type CommittedRevision, type Snapshot } from "./snapshot";
import { decodeIon, encodeIon } from "@ledger-loader/ion";
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

  /**
   * The revisions as they would be.
   *
   * @param wanted - those that are looked for
   */
  overRevisions(read: Readings["revisions"], wanted: readonly RevisionRef[]): Readings["revisions"] {
    const kept = wanted.map(revisionKey).flatMap((key) => {
      const content = this.#keptRevisions.get(key);
      return content === undefined ? [] : [[key, content] as const];
    });
    return new Map([...read, ...kept]);
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
    const content = document === undefined ? undefined : new KeptDocument(document);
    const current = currentAfter(change, recordKey, before, content);
    this.#snapshots.set(recordKey, {
      current,
      bookkeeping,
    });
    if (current !== undefined && content !== undefined) this.#revisions.set(revisionKey(current), content);
  }

  /** Makes what was noted count for the transactions that follow. */
  keep(): void {
    for (const [key, snapshot] of this.#snapshots) this.#keptSnapshots.set(key, snapshot);
    for (const [key, revision] of this.#revisions) this.#keptRevisions.set(key, revision);
  }
}

/** A document as its bytes, which take a tenth of the memory: a whole export may be judged before one of them is looked at. */
class KeptDocument {
  readonly #ion: Uint8Array;

  constructor(document: dom.Struct) {
    this.#ion = encodeIon(document);
  }

  get data(): dom.Struct {
    return decodeIon(this.#ion) as dom.Struct;
  }
}

/** A revision that would be, whose document is read when somebody looks. */
class ForetoldRevision implements CommittedRevision {
  readonly documentId: string;
  readonly version: number;
  readonly #content: KeptDocument | undefined;

  constructor(documentId: string, version: number, content: KeptDocument | undefined) {
    this.documentId = documentId;
    this.version = version;
    this.#content = content;
  }

  get data(): dom.Struct | undefined {
    return this.#content?.data;
  }
}

function currentAfter(
  change: Change,
  recordKey: string,
  { current, bookkeeping }: Snapshot,
  content: KeptDocument | undefined,
): CommittedRevision | undefined {
  // No document id of the ledger is that long.
  const fresh = `${recordKey} ${bookkeeping?.lives.length ?? 0}`;
  if (change === "create") return new ForetoldRevision(fresh, 0, content);
  if (change !== "replace" || current === undefined) return undefined;
  return new ForetoldRevision(current.documentId, current.version + 1, content);
}
