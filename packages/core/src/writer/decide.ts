// SPDX-License-Identifier: MIT
import type { dom } from "ion-js";
import { holdsContent, placeholder, withField, type StoredContent } from "./content";
import { carryOver } from "./carry-over";
import type { Draft } from "./draft";
import { LedgerLoaderError } from "@ledger-loader/errors";
import { WriterContractError } from "../errors";
import { ALL_UNCHANGED, isDeletion, recordKey, type RevisionEvent } from "../event/event";
import { explain } from "../judge/explain";
import { ionSize, MAX_ION_DEPTH } from "@ledger-loader/ion";
import { judge, type Change } from "../judge/judge";
import { rejected, type Rejected, type RejectReason } from "../event/outcome";
import { revisionKey } from "./read-snapshots";
import {
  bookkeepingAfter,
  checkSnapshot,
  lastRevisionOf,
  placeOf,
  toRecordState,
  type CommittedRevision,
  type Snapshot,
} from "./snapshot";
import type { DocumentChange } from "./document-change";
import { measureDocument } from "./document-size";
import type { TransactionPlan } from "./transaction-plan";
import type { WriteContext, WriteResult } from "./write-context";
import { callHook, checkDocument, toRejected, type WriterHooks } from "./writer-hooks";

/** The reads of one transaction. */
export interface Readings {
  readonly snapshots: ReadonlyMap<string, Snapshot>;
  readonly revisions: ReadonlyMap<string, StoredContent>;
}

/** A record of which nothing is known, and the snapshot for events without id. */
export const NOTHING_KNOWN: Snapshot = {};

/** Reasons that come from comparing what the ledger holds with what `adjustRevision` returns. */
const COMPARED_REASONS: ReadonlySet<RejectReason> = new Set(["conflicting-revision", "ambiguous-order"]);
const ADJUSTED =
  " The RevisionWriter's adjustRevision was compared too: it must return equal documents for equal arguments.";

/** Judges one event on what was read and adds what it changes to the plan. */
export function decide(
  draft: Draft,
  readings: Readings,
  plan: TransactionPlan,
  context: WriteContext,
  hooks: WriterHooks,
): WriteResult {
  if (draft.rejected !== undefined) return draft.rejected;
  const { event } = draft;
  if (mustWait(draft, plan)) return { status: "deferred" };
  const snapshot = readings.snapshots.get(draft.recordKey ?? "") ?? NOTHING_KNOWN;
  try {
    const held = isHeld(draft, snapshot, readings, hooks) ? "equal" : "different";
    const state = toRecordState(snapshot, held);
    const problem = checkSnapshot(snapshot);
    if (problem !== undefined) return rejected(problem, explain(problem, event, state));
    const verdict = judge(event, state, context.mode);
    if (verdict.verdict === "skip") return { status: "skipped", reason: verdict.reason };
    if (verdict.verdict === "apply") {
      const source = sourceOf(draft, readings);
      return planChange(verdict.change, draft, { ...snapshot, source }, plan, context, hooks);
    }
    const doubt = hooks.adjusts && COMPARED_REASONS.has(verdict.reason) ? ADJUSTED : "";
    return rejected(verdict.reason, explain(verdict.reason, event, state) + doubt, verdict.retryable);
  } catch (error) {
    return toContentFailure(error);
  }
}

/** True if the transaction changes the event's record already, or writes the one whose fields the event carries over. */
function mustWait({ event, recordKey: own }: Draft, plan: TransactionPlan): boolean {
  if (own !== undefined && plan.hasRecord(own)) return true;
  const { table, unchangedOf } = event;
  const source = unchangedOf && recordKey({ table, id: unchangedOf });
  return source !== undefined && plan.writesDocument(source);
}

/** The outcome of an event whose document cannot be compared or measured, as half a character or endless nesting can't. */
function toContentFailure(error: unknown): Rejected {
  if (error instanceof WriterContractError) return rejected("writer-contract", error.message);
  if (error instanceof LedgerLoaderError) return rejected("ledger-refused", error.message);
  if (!(error instanceof RangeError)) throw error;
  const expected = `Expected a document nested at most ${MAX_ION_DEPTH} deep`;
  return rejected(
    "ledger-refused",
    `${expected}, found one that cannot be measured. Correct the event or the writer.`,
  );
}

/** True if the ledger holds the event's content where the event belongs. */
function isHeld(
  { event, idField }: Draft,
  snapshot: Snapshot,
  { revisions }: Readings,
  hooks: WriterHooks,
): boolean {
  const place = placeOf(event, snapshot);
  if (place.kind === "nowhere" || idField === undefined) return false;
  if (place.kind === "deletion") return isDeletion(event);
  const stored = revisions.get(revisionKey(place));
  if (stored === undefined) return false;
  const before = { documentId: place.documentId, version: place.version - 1 };
  const previous = revisions.get(revisionKey(before));
  const own = contentOf(event, previous && { ...before, data: previous.data }, hooks);
  // Of fields that it leaves out an event says nothing: what the revision holds there is what was carried over.
  if (own === undefined || event.unchanged === undefined) return holdsContent(stored, event, own, idField);
  const whole = carryOver(own, event, stored.data);
  return whole !== undefined && holdsContent(stored, event, whole, idField);
}

function planChange(
  change: Change,
  draft: Draft,
  snapshot: Snapshot & { readonly source: dom.Struct | undefined },
  plan: TransactionPlan,
  context: WriteContext,
  hooks: WriterHooks,
): WriteResult {
  const { event, recordKey, idField } = draft;
  const { current, bookkeepingId, source } = snapshot;
  const refusal = callHook("validate", () => toRejected(hooks.validate(event, current)));
  if (refusal !== undefined) return refusal;
  const own = contentOf(event, current, hooks);
  const content = own && event.unchanged !== undefined ? complete(own, event, source, change) : own;
  if (own !== undefined && content === undefined)
    return rejected("incomplete-event", explainIncomplete(event), true);
  const document =
    content === undefined || event.id === undefined || idField === undefined
      ? content
      : withField(content, idField, event.id.value);
  const tooLarge = document && checkSize(document, context.limits.documentBytesMax);
  if (tooLarge !== undefined) return tooLarge;
  const bookkeeping = recordKey === undefined ? undefined : bookkeepingAfter(change, event, snapshot);
  const added = plan.add({
    draft,
    change: toDocumentChange(change, event, document, current),
    bookkeeping: bookkeeping && { content: bookkeeping, documentId: bookkeepingId },
  });
  if (!added) return { status: "deferred" };
  context.preview?.note(change, draft, snapshot, document);
  return change === "tombstone" ? { status: "written", tombstone: true } : { status: "written" };
}

/**
 * The whole document of an event that leaves out unchanged fields; `undefined` if that cannot be known. A record that is
 * allowed to begin with an update begins with the fields that the update names.
 */
function complete(
  own: dom.Struct,
  event: RevisionEvent,
  source: dom.Struct | undefined,
  change: Change,
): dom.Struct | undefined {
  const beginsHere = event.op === "UPDATE" && change === "create";
  if (beginsHere && event.unchanged?.every((name) => name === ALL_UNCHANGED) === true) return own;
  return carryOver(own, event, source);
}

/** The document that holds the fields which the event leaves out: of its record, or of the one under the old key. */
function sourceOf(
  { event, recordKey: own }: Draft,
  { snapshots, revisions }: Readings,
): dom.Struct | undefined {
  const { table, unchangedOf } = event;
  const key = unchangedOf === undefined ? own : recordKey({ table, id: unchangedOf });
  const snapshot = snapshots.get(key ?? "") ?? NOTHING_KNOWN;
  if (snapshot.current !== undefined) return snapshot.current.data;
  const last = unchangedOf && lastRevisionOf(snapshot);
  return last && revisions.get(revisionKey(last))?.data;
}

function explainIncomplete({ unchanged = [] }: RevisionEvent): string {
  const fields = unchanged.includes(ALL_UNCHANGED) ? "the fields that did not change" : unchanged.join(", ");
  return (
    `Expected the record's current revision to hold ${fields}, which the event leaves out, found it without. ` +
    `Deliver the changes before this one first, or the whole row.`
  );
}

/** The event's document, before the id field is set; `undefined` for a deletion. */
function contentOf(
  event: RevisionEvent,
  current: CommittedRevision | undefined,
  hooks: WriterHooks,
): dom.Struct | undefined {
  const { data, dataHash } = event;
  if (dataHash !== undefined) return placeholder(dataHash);
  return data && checkDocument(callHook("adjustRevision", () => hooks.adjustRevision(data, event, current)));
}

function toDocumentChange(
  change: Change,
  { table }: RevisionEvent,
  document: dom.Struct | undefined,
  current: CommittedRevision | undefined,
): DocumentChange | undefined {
  if (change === "create") return document && { kind: "create", table, document };
  if (current === undefined) return undefined;
  const { documentId } = current;
  if (change === "delete") return { kind: "delete", table, documentId };
  return document && { kind: "replace", table, documentId, document };
}

function checkSize(document: dom.Struct, bytesMax: number): Rejected | undefined {
  if (measureDocument(document) <= bytesMax) return undefined;
  const bytes = ionSize(document);
  return bytes <= bytesMax
    ? undefined
    : rejected(
        "document-too-large",
        `Expected a document of at most ${bytesMax} bytes of Ion binary, found ${bytes}. ` +
          `Make it smaller, or raise DOCUMENT_BYTES_MAX if the ledger takes more.`,
      );
}
