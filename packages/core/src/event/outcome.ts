// SPDX-License-Identifier: MIT

/**
 * How one event ended. Every event ends in exactly one outcome; none is dropped quietly.
 *
 * - `written`: in the ledger now.
 * - `skipped`: harmless; acknowledged.
 * - `rejected`: not applied; redelivered or parked.
 */
export type Outcome = Written | Skipped | Rejected;

/** The event's revision was written and committed by this call. */
export interface Written {
  readonly status: "written";
  /** A deletion of what is not there: only the deletion was recorded, so that nothing older brings the record back. */
  readonly tombstone?: true;
  /** The revision that was written; only where the loader was asked to tell, and knows it. */
  readonly revision?: RevisionPlace;
}

/** A revision of a document, by the ledger's own id and version. */
export interface RevisionPlace {
  readonly documentId: string;
  readonly version: number;
}

/** The event changes nothing and needs no redelivery. */
export interface Skipped {
  readonly status: "skipped";
  readonly reason: SkipReason;
  /** The revision that holds the event's content; only where the loader was asked to tell, and knows it. */
  readonly revision?: RevisionPlace;
}

/** The event was not applied. */
export interface Rejected {
  readonly status: "rejected";
  readonly reason: RejectReason;
  /** True if the same event can be applied later without anybody changing it. */
  readonly retryable: boolean;
  /** Expected, found, and what to do next. Never holds content of documents. */
  readonly detail: string;
}

/**
 * Why an event was skipped.
 *
 * - `already-applied`: proven by content: that revision is in the ledger.
 * - `superseded`: a later position of the record has been applied; current state is right, this revision is not kept.
 * - `missing-document`: lenient mode only: nothing there to update or delete.
 */
export type SkipReason = "already-applied" | "superseded" | "missing-document";

/** Every reason to skip, in the order of the reference. */
export const SKIP_REASONS: readonly SkipReason[] = ["already-applied", "superseded", "missing-document"];

/** Every reason to reject with the sentence that the reference prints. */
export const REJECT_REASONS = {
  "malformed-event": "Not an event: not Ion or JSON, or a field is missing or wrong.",
  "invalid-table": "The table's name is not an identifier.",
  "unknown-table": "The ledger has no active table of this name.",
  "index-missing": "The id field has no index: every write would scan.",
  "no-id-field": "The writer names no id field for this table.",
  "id-field-conflict": "The document carries the id field with another value.",
  "incomplete-event": "Fields are left out as unchanged, and no revision holds them.",
  "document-too-large": "The document exceeds what the ledger takes.",
  "version-gap": "The revision before this one is not in the ledger yet.",
  "before-start": "The version is before the recorded start of the record.",
  "conflicting-revision": "The ledger holds this version with other content.",
  "ambiguous-order": "The ledger holds this position with other content.",
  "missing-document": "Strict mode: the document to update or delete is missing.",
  "document-exists": "An INSERT of a record that exists.",
  "duplicate-documents": "More than one document carries the event's id.",
  "externally-changed": "Something other than the loader changed the record.",
  "refused-by-writer": "A hook of the RevisionWriter refused the event.",
  "writer-contract": "The RevisionWriter broke its contract for this event.",
  "ledger-refused": "The ledger refused the statement.",
  "write-failed": "Writing this event failed, although the ledger answers.",
  "transform-failed": "The masking rules do not fit the event.",
  "id-required": "REQUIRE_ID is set and the event has no id.",
  "held-up": "An earlier event of the same lane was not applied.",
  "transaction-rejected": "Another event of the same source transaction was rejected.",
  "unsupported-operation": "The channel's record is not a change of one record.",
  "not-mapped": "The mapping names no target for the source table.",
  "channel-refused": "The channel does not take the event: it is too large, for example.",
  "order-unknown": "No version and no position, on a channel without order.",
} as const;

/** Why an event was rejected; {@link REJECT_REASONS} says what each means. */
export type RejectReason = keyof typeof REJECT_REASONS;

/** A `rejected` outcome. */
export function rejected(reason: RejectReason, detail: string, retryable = false): Rejected {
  return { status: "rejected", reason, retryable, detail };
}
