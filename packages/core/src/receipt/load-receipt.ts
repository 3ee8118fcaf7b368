// SPDX-License-Identifier: MIT
import { toIonText } from "@ledger-loader/ion";
import type { RevisionEvent } from "../event/event";
import type { Outcome } from "../event/outcome";
import { proofKey, readRevisionProofs, type RevisionProof, type WantedRevision } from "./revision-proof";
import type { Ledger } from "../ledger/ledger";

/** The end of one event, and the place of its content in the ledger: a line of a receipt file. */
export interface LoadReceipt {
  /** The version of this form. */
  readonly receipt: 1;
  /** When the receipt was made. */
  readonly at: string;
  /** Where the event stood in its source: `events-0@42`, `line 12 of events.jsonl`. */
  readonly source: string;
  /** Absent where there was no event to decode. */
  readonly event?: {
    readonly op: string;
    readonly table: string;
    /** As Ion text. */
    readonly id?: string;
    readonly version?: number;
    /** Digits, since positions exceed the numbers of JSON. */
    readonly position?: readonly string[];
  };
  readonly outcome: Outcome["status"];
  readonly reason?: string;
  /** True for a delivery that is in the dead letters. */
  readonly parked?: true;
  /** The revision with the event's content, by the ledger's own words. */
  readonly revision?: RevisionProof;
  /** Why there is no revision. */
  readonly unknown?: string;
}

/** A delivery that has ended, as receipts need it. */
export interface ReceiptSource {
  readonly source: string;
  readonly parked?: boolean | undefined;
  readonly events: readonly { readonly event?: RevisionEvent | undefined; readonly outcome: Outcome }[];
}

/** Keeps receipts. */
export interface ReceiptSink {
  /** Keeps the receipts; when the promise resolves, they MUST be durable. The same receipt MAY come again. */
  write(receipts: readonly LoadReceipt[]): Promise<void>;
}

/**
 * Makes the receipts of deliveries that have ended. The block address and the hash of each revision are read from the ledger.
 *
 * @throws LedgerUnavailableError if the ledger does not answer.
 */
export async function makeReceipts(
  ended: readonly ReceiptSource[],
  ledger: Ledger,
  at: Date = new Date(),
): Promise<readonly LoadReceipt[]> {
  const proofs = await readRevisionProofs(
    ledger,
    ended.flatMap(({ events }) => events.flatMap(revisionOf)),
  );
  return ended.flatMap(({ source, parked, events }) =>
    events.map(({ event, outcome }): LoadReceipt => {
      const [wanted] = revisionOf({ event, outcome });
      const revision = wanted && proofs.get(proofKey(wanted));
      return {
        receipt: 1,
        at: at.toISOString(),
        source,
        ...(event === undefined ? {} : { event: describe(event) }),
        outcome: outcome.status,
        ...("reason" in outcome ? { reason: outcome.reason } : {}),
        ...(parked === true ? { parked } : {}),
        ...(revision === undefined ? { unknown: whyUnknown(event, outcome) } : { revision }),
      };
    }),
  );
}

function revisionOf({ event, outcome }: ReceiptSource["events"][number]): readonly WantedRevision[] {
  if (event === undefined || outcome.status === "rejected" || outcome.revision === undefined) return [];
  return [{ table: event.table, ...outcome.revision }];
}

function describe({ op, table, id, version, position }: RevisionEvent): NonNullable<LoadReceipt["event"]> {
  return {
    op,
    table,
    ...(id === undefined ? {} : { id: toIonText(id.value) }),
    ...(version === undefined ? {} : { version }),
    ...(position === undefined ? {} : { position: position.map(String) }),
  };
}

function whyUnknown(event: RevisionEvent | undefined, outcome: Outcome): string {
  if (outcome.status === "rejected") return "the event was not applied";
  if (event?.id === undefined) return "the event has no id, so its document cannot be found";
  if (outcome.status === "written" && outcome.tombstone === true)
    return "there was no document: only the deletion was recorded";
  if (outcome.status === "skipped" && outcome.reason === "superseded")
    return "a later position was applied before: this revision is not kept";
  if (outcome.status === "skipped" && outcome.reason === "missing-document")
    return "there was no document to change";
  return "the ledger does not tell which revision holds the content";
}
