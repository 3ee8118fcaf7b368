// SPDX-License-Identifier: MIT
import { BOOKKEEPING_TABLE } from "./bookkeeping";
import { decide, NOTHING_KNOWN, type Readings } from "./decide";
import { toDraft, type Draft } from "./draft";
import { WriterContractError } from "../errors";
import { mustFollow, recordKey, type RevisionEvent } from "../event/event";
import type { TableName } from "../event/identifier";
import type { Transaction } from "../ledger/ledger";
import { rejected } from "../event/outcome";
import type { RevisionRef } from "./proof-plan";
import { readRevisions, readSnapshots, recordsOf, type FindCurrent } from "./read-snapshots";
import { tellRevisions } from "./revision-places";
import { lastRevisionOf, placeOf } from "./snapshot";
import { applyChanges } from "./document-change";
import { TransactionPlan, type PlannedEvent } from "./transaction-plan";
import type { WriteContext, WriteResult } from "./write-context";
import { worksEventByEvent, type WriterHooks } from "./writer-hooks";

/**
 * Finds, judges, shapes and writes events within one transaction: what `RevisionWriter.write` does.
 *
 * @returns one result per event, in order.
 */
export async function writeEvents(
  transaction: Transaction,
  events: readonly RevisionEvent[],
  context: WriteContext,
  hooks: WriterHooks,
): Promise<readonly WriteResult[]> {
  const drafts = events.map((event) => toSafeDraft(event, hooks, context));
  // Without knowing what a subclass reads or writes, only one event is safe within a transaction's limits.
  const taken = worksEventByEvent(hooks) && context.atomic !== true ? drafts.slice(0, 1) : drafts;
  const readings = await read(transaction, taken, context, hooks);
  const plan = new TransactionPlan(context.limits);
  const decided = decideAll(taken, context.inOrder === true, (draft) =>
    decide(draft, readings, plan, context, hooks),
  );
  const results = drafts.map((_, i): WriteResult => decided[i] ?? { status: "deferred" });
  if (context.atomic === true && !results.every(isSettled)) return withdrawAll(results);
  if (context.preview !== undefined) return results;
  await apply(transaction, plan, context, hooks);
  return context.tellRevisions === true
    ? tellRevisions(transaction, { drafts, results, readings, plan }, hooks)
    : results;
}

/** Decides events one after the other, up to where their order forbids more in this transaction. */
function decideAll(
  drafts: readonly Draft[],
  inOrder: boolean,
  decideOne: (draft: Draft) => WriteResult,
): readonly WriteResult[] {
  const results: WriteResult[] = [];
  let hasFailed = false;
  for (const draft of drafts) {
    if (inOrder && hasFailed && mustFollow(draft.event)) break;
    const result = decideOne(draft);
    if (inOrder && result.status === "deferred") break;
    hasFailed ||= result.status === "rejected";
    results.push(result);
  }
  return results;
}

function toSafeDraft(event: RevisionEvent, hooks: WriterHooks, context: WriteContext): Draft {
  try {
    return toDraft(event, hooks, context.tables);
  } catch (error) {
    if (!(error instanceof WriterContractError)) throw error;
    return { event, rejected: rejected("writer-contract", error.message) };
  }
}

async function read(
  transaction: Transaction,
  drafts: readonly Draft[],
  { preview, tables, absentTables }: WriteContext,
  hooks: WriterHooks,
): Promise<Readings> {
  const readable = drafts.filter((draft) => draft.rejected === undefined);
  const { readCurrentRevision } = hooks;
  const findOne: FindCurrent | undefined =
    readCurrentRevision && (({ event }) => readCurrentRevision(transaction, event));
  const read = await readSnapshots(transaction, recordsOf(readable), {
    withData: hooks.looksAtCurrent || readable.some(({ event }) => event.unchanged !== undefined),
    withBookkeeping: tables.has(BOOKKEEPING_TABLE),
    findOne,
    absentTables,
  });
  const snapshots = preview?.overSnapshots(read) ?? read;
  const wanted = readable.flatMap((draft) => revisionsToCompare(draft, snapshots, hooks));
  const present = wanted.filter(({ table }) => absentTables?.has(table) !== true);
  const revisions = await readRevisions(transaction, present);
  return { snapshots, revisions: preview?.overRevisions(revisions, wanted) ?? revisions };
}

/** The revision that the event names and, for hooks that build upon it, the one before. */
function revisionsToCompare(
  { event, recordKey }: Draft,
  snapshots: Readings["snapshots"],
  hooks: WriterHooks,
): readonly (RevisionRef & { readonly table: TableName })[] {
  const before = sourceBeforeDeletion(event, snapshots);
  const place = placeOf(event, snapshots.get(recordKey ?? "") ?? NOTHING_KNOWN);
  if (place.kind !== "revision") return before;
  const { table } = event;
  const { documentId, version } = place;
  const previous = hooks.adjusts && version > 0 ? [{ table, documentId, version: version - 1 }] : [];
  return [{ table, documentId, version }, ...previous, ...before];
}

/** The record from which fields are carried over, where a split transaction has deleted it before. */
function sourceBeforeDeletion(
  { table, unchangedOf }: RevisionEvent,
  snapshots: Readings["snapshots"],
): readonly (RevisionRef & { readonly table: TableName })[] {
  const key = unchangedOf && recordKey({ table, id: unchangedOf });
  const last = lastRevisionOf(snapshots.get(key ?? "") ?? NOTHING_KNOWN);
  return last === undefined ? [] : [{ table, documentId: last.documentId, version: last.version }];
}

function isSettled(result: WriteResult): boolean {
  return result.status === "written" || result.status === "skipped";
}

/** Nothing is written: what would have been is rejected with the others, or waits for a smaller transaction. */
function withdrawAll(results: readonly WriteResult[]): readonly WriteResult[] {
  const failures = results.filter((result) => result.status === "rejected");
  return results.map((result) => {
    if (result.status !== "written") return result;
    if (failures.length === 0) return { status: "deferred" };
    return rejected(
      "transaction-rejected",
      `Expected every event of the source transaction to apply, found ${failures.length} rejected. Correct those.`,
      failures.every(({ retryable }) => retryable),
    );
  });
}

async function apply(
  transaction: Transaction,
  plan: TransactionPlan,
  context: WriteContext,
  hooks: WriterHooks,
): Promise<void> {
  const { bulk, limits } = context;
  const options = { parameterBytesMax: limits.documentBytesMax, bulk };
  if (!worksEventByEvent(hooks)) {
    await applyChanges(transaction, plan.changes, options);
    return;
  }
  for (const planned of plan.events) {
    for (const change of planned.changes) {
      if (change.table === BOOKKEEPING_TABLE || hooks.writeDocument === undefined) {
        await applyChanges(transaction, [change], options);
      } else {
        await hooks.writeDocument(transaction, change);
      }
    }
    await checkFindAfterWrite(transaction, planned, hooks);
  }
}

/** The one law that a writer with hooks of its own can break: what it wrote, it must find. */
async function checkFindAfterWrite(
  transaction: Transaction,
  { draft, changes }: PlannedEvent,
  hooks: WriterHooks,
): Promise<void> {
  const [record] = recordsOf([draft]);
  const change = changes.find(({ table }) => table === draft.event.table);
  if (record === undefined || change === undefined) return;
  const { readCurrentRevision } = hooks;
  const findOne: FindCurrent | undefined =
    readCurrentRevision && (() => readCurrentRevision(transaction, draft.event));
  const options = { withData: false, withBookkeeping: true, findOne };
  const found = (await readSnapshots(transaction, [record], options)).get(record.recordKey);
  const isThere = found?.current !== undefined;
  if (isThere === (change.kind !== "delete")) return;
  throw new WriterContractError(
    `find ${change.kind === "delete" ? "nothing after a deletion" : "the document it has written"}`,
    isThere ? "still finds a document" : "finds none, or several",
  );
}
