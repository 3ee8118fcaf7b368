// SPDX-License-Identifier: MIT
import type { Bookkeeping } from "./bookkeeping";
import type { StoredContent } from "./content";
import type { Change } from "../judge/judge";
import { DocumentLog } from "./document-log";
import type { Draft } from "./draft";
import type { RevisionRef } from "./proof-plan";
import { revisionKey } from "./read-snapshots";
import { bookkeepingAfter, type CommittedRevision, type Snapshot } from "./snapshot";
import { decodeIon, encodeIon } from "@ledger-loader/ion";
import type { dom } from "ion-js";

/** The reads of one transaction. */
interface Readings {
  readonly snapshots: ReadonlyMap<string, Snapshot>;
  readonly revisions: ReadonlyMap<string, StoredContent>;
}

/**
 * The state of the ledger if the events judged so far had been written: laid over what is read from it, so that a whole
 * history can be judged without writing any of it.
 *
 * Memory holds some hundred bytes for each record, and no documents but the newest.
 */
export class Preview {
  readonly #snapshots = new Map<string, Snapshot>();
  readonly #revisions: ForetoldRevisions;

  /** @param documents - where the documents are kept. Default: in a temporary file, but for the newest. */
  constructor(documents: DocumentLog = new DocumentLog()) {
    this.#revisions = new ForetoldRevisions(documents);
  }

  /** Begins one run of a transaction; what it would write counts only after `keep`, as a run may be repeated. */
  begin(): PreviewRun {
    return new PreviewRun(this.#snapshots, this.#revisions);
  }

  /** Forgets the documents. Nothing can be judged afterwards. */
  close(): void {
    this.#revisions.close();
  }
}

/** The change that one event would make. */
interface NotedChange {
  readonly recordKey: string;
  /** The revision that would be the record's current one. */
  readonly current: RevisionRef | undefined;
  readonly bookkeeping: Bookkeeping | undefined;
  /** As its bytes, which take a tenth of the memory. */
  readonly document: Uint8Array | undefined;
}

/** One run of a transaction that writes nothing. */
export class PreviewRun {
  readonly #keptSnapshots: Map<string, Snapshot>;
  readonly #keptRevisions: ForetoldRevisions;
  readonly #noted: NotedChange[] = [];

  constructor(snapshots: Map<string, Snapshot>, revisions: ForetoldRevisions) {
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
    const kept = wanted.flatMap((ref): [string, StoredContent][] => {
      const revision = this.#keptRevisions.find(ref);
      return revision === undefined ? [] : [[revisionKey(ref), revision]];
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
    this.#noted.push({
      recordKey,
      current: currentAfter(change, recordKey, before),
      bookkeeping: bookkeepingAfter(change, event, before) ?? before.bookkeeping,
      document: document && encodeIon(document),
    });
  }

  /**
   * Makes what was noted count for the transactions that follow.
   *
   * @throws DryRunStorageError if the temporary folder takes no more documents.
   */
  keep(): void {
    for (const { recordKey, current, bookkeeping, document } of this.#noted) {
      const revision = current && this.#keptRevisions.add(current, document);
      this.#keptSnapshots.set(recordKey, { current: revision, bookkeeping });
    }
  }
}

/** The places of one document's revisions, which follow one another without a gap. */
interface DocumentPlaces {
  readonly firstVersion: number;
  readonly places: number[];
}

/** Revisions that would be, by document and version. */
class ForetoldRevisions {
  readonly #log: DocumentLog;
  readonly #documents = new Map<string, DocumentPlaces>();

  constructor(log: DocumentLog) {
    this.#log = log;
  }

  add(ref: RevisionRef, document: Uint8Array | undefined): ForetoldRevision {
    if (document === undefined) return new ForetoldRevision(ref, this.#log, undefined);
    const place = this.#log.add(document);
    const known = this.#documents.get(ref.documentId);
    if (known === undefined)
      this.#documents.set(ref.documentId, { firstVersion: ref.version, places: [place] });
    else known.places[ref.version - known.firstVersion] = place;
    return new ForetoldRevision(ref, this.#log, place);
  }

  find(ref: RevisionRef): ForetoldRevision | undefined {
    const { firstVersion, places } = this.#documents.get(ref.documentId) ?? NO_PLACES;
    const place = places[ref.version - firstVersion];
    return place === undefined ? undefined : new ForetoldRevision(ref, this.#log, place);
  }

  close(): void {
    this.#log.close();
  }
}

const NO_PLACES: DocumentPlaces = { firstVersion: 0, places: [] };

/** A revision that would be, whose document is read when somebody looks. */
class ForetoldRevision implements CommittedRevision {
  readonly documentId: string;
  readonly version: number;
  readonly #log: DocumentLog;
  readonly #place: number | undefined;

  constructor({ documentId, version }: RevisionRef, log: DocumentLog, place: number | undefined) {
    this.documentId = documentId;
    this.version = version;
    this.#log = log;
    this.#place = place;
  }

  get data(): dom.Struct | undefined {
    return this.#place === undefined ? undefined : (decodeIon(this.#log.read(this.#place)) as dom.Struct);
  }
}

function currentAfter(
  change: Change,
  recordKey: string,
  { current, bookkeeping }: Snapshot,
): RevisionRef | undefined {
  // No document id of the ledger is that long.
  const fresh = `${recordKey} ${bookkeeping?.lives.length ?? 0}`;
  if (change === "create") return { documentId: fresh, version: 0 };
  if (change !== "replace" || current === undefined) return undefined;
  return { documentId: current.documentId, version: current.version + 1 };
}
