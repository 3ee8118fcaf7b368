// SPDX-License-Identifier: MIT
import type { Readings } from "./decide";
import type { DocumentChange } from "./document-change";
import type { Draft } from "./draft";
import type { Transaction } from "../ledger/ledger";
import type { RevisionPlace } from "../event/outcome";
import { readSnapshots, recordsOf, type FindCurrent } from "./read-snapshots";
import { lastRevisionOf, placeOf, type Snapshot } from "./snapshot";
import type { TransactionPlan } from "./transaction-plan";
import type { WriteResult } from "./write-context";
import type { WriterHooks } from "./writer-hooks";

/** The decision of one transaction, and the knowledge behind it. */
export interface Decided {
  readonly drafts: readonly Draft[];
  readonly results: readonly WriteResult[];
  readonly readings: Readings;
  readonly plan: TransactionPlan;
}

/**
 * Adds to each outcome the document and version in which the event's content is in the ledger, as far as that is known. A document
 * that was just created is read once more, because only the ledger knows its id.
 */
export async function tellRevisions(
  transaction: Transaction,
  { drafts, results, readings, plan }: Decided,
  hooks: WriterHooks,
): Promise<readonly WriteResult[]> {
  const changes = new Map(
    plan.events.map(({ draft, changes: all }) => [
      draft,
      all.find(({ table }) => table === draft.event.table),
    ]),
  );
  const created = [...changes].flatMap(([draft, change]) => (change?.kind === "create" ? [draft] : []));
  const found = await readCreated(transaction, created, hooks);
  return results.map((result, i) => {
    const draft = drafts[i];
    if (draft === undefined) return result;
    const { recordKey = "" } = draft;
    const before = readings.snapshots.get(recordKey);
    if (result.status === "written")
      return withPlace(result, placeOfChange(changes.get(draft), before, found.get(recordKey)));
    if (result.status === "skipped" && result.reason === "already-applied")
      return withPlace(result, before && placeOfApplied(draft, before));
    return result;
  });
}

function withPlace<R extends object>(result: R, revision: RevisionPlace | undefined): R {
  return revision === undefined ? result : { ...result, revision };
}

async function readCreated(
  transaction: Transaction,
  drafts: readonly Draft[],
  { readCurrentRevision }: WriterHooks,
): Promise<ReadonlyMap<string, Snapshot>> {
  const records = recordsOf(drafts);
  if (records.length === 0) return new Map();
  const findOne: FindCurrent | undefined =
    readCurrentRevision && (({ event }) => readCurrentRevision(transaction, event));
  return readSnapshots(transaction, records, { withData: false, withBookkeeping: false, findOne });
}

function placeOfChange(
  change: DocumentChange | undefined,
  before: Snapshot | undefined,
  created: Snapshot | undefined,
): RevisionPlace | undefined {
  if (change === undefined) return undefined;
  if (change.kind === "create") {
    const current = created?.current;
    return current && { documentId: current.documentId, version: current.version };
  }
  const version = before?.current?.version;
  return version === undefined ? undefined : { documentId: change.documentId, version: version + 1 };
}

function placeOfApplied({ event }: Draft, snapshot: Snapshot): RevisionPlace | undefined {
  const place = placeOf(event, snapshot);
  if (place.kind === "revision") return { documentId: place.documentId, version: place.version };
  if (place.kind === "nowhere") return undefined;
  const isLast = event.version === undefined || event.version === snapshot.bookkeeping?.deletedVersion;
  const last = isLast ? lastRevisionOf(snapshot) : undefined;
  // The deletion is the revision after the document's last content.
  return last && { documentId: last.documentId, version: last.version + 1 };
}
