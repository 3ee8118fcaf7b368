// SPDX-License-Identifier: MIT
import type { dom } from "ion-js";
import type { Bookkeeping, Life } from "./bookkeeping";
import type { Position, RevisionEvent } from "../event/event";
import type { Change } from "../judge/judge";
import type { RejectReason } from "../event/outcome";
import type { RecordState } from "../judge/record-state";

/** The current revision of a document. */
export interface CommittedRevision {
  readonly documentId: string;
  /** The document's own version, from the ledger's metadata. */
  readonly version: number;
  /** The document; absent where nobody asked for it. */
  readonly data?: dom.Struct | undefined;
}

/** Everything that one transaction has read about one record. */
export interface Snapshot {
  readonly current?: CommittedRevision | undefined;
  readonly bookkeeping?: Bookkeeping | undefined;
  /** The bookkeeping's own document, once there is one. */
  readonly bookkeepingId?: string | undefined;
  /** Why nothing can be decided. */
  readonly problem?: RejectReason | undefined;
}

/** Where in the ledger the revision is that an event names. */
export type Place =
  | { readonly kind: "revision"; readonly documentId: string; readonly version: number }
  /** A deletion that is known without looking. */
  | { readonly kind: "deletion" }
  | { readonly kind: "nowhere" };

/** Finds out whether bookkeeping and current document belong together. */
export function checkSnapshot({ current, bookkeeping, problem }: Snapshot): RejectReason | undefined {
  if (problem !== undefined || bookkeeping === undefined) return problem;
  const shouldBeDeleted = bookkeeping.deletedVersion !== undefined;
  return shouldBeDeleted === (current === undefined) ? undefined : "externally-changed";
}

/** The state of a consistent snapshot, for `judge`. */
export function toRecordState(snapshot: Snapshot, held: "equal" | "different"): RecordState {
  const { current, bookkeeping } = snapshot;
  const position = bookkeeping?.position;
  const common = { start: startOf(snapshot), held, position };
  if (current !== undefined) return { status: "present", version: lastVersion(snapshot), ...common };
  if (bookkeeping === undefined) return { status: "unknown" };
  return { status: "deleted", version: lastVersion(snapshot), ...common };
}

/** Where the revision is that the event names: by its version, else the current one. */
export function placeOf(event: RevisionEvent, snapshot: Snapshot): Place {
  const { current, bookkeeping } = snapshot;
  if (current === undefined && bookkeeping === undefined) return { kind: "nowhere" };
  const version = event.version ?? lastVersion(snapshot);
  if (version < startOf(snapshot) || version > lastVersion(snapshot)) return { kind: "nowhere" };
  if (version === bookkeeping?.deletedVersion) return { kind: "deletion" };
  const life = livesOf(snapshot).findLast(({ firstVersion }) => firstVersion <= version);
  if (life === undefined) return { kind: "nowhere" };
  return life.documentId === undefined
    ? { kind: "deletion" }
    : { kind: "revision", documentId: life.documentId, version: version - life.firstVersion };
}

/** The last revision of a record that was deleted; `undefined` where bookkeeping does not tell. */
export function lastRevisionOf({ current, bookkeeping }: Snapshot): CommittedRevision | undefined {
  const life = bookkeeping?.lives.at(-1);
  if (current !== undefined || life?.documentId === undefined || bookkeeping?.deletedVersion === undefined)
    return undefined;
  const version = bookkeeping.deletedVersion - life.firstVersion - 1;
  return version < 0 ? undefined : { documentId: life.documentId, version };
}

/** The bookkeeping that must be on record once the change is made, or `undefined` where the ledger's metadata can tell. */
export function bookkeepingAfter(
  change: Change,
  event: RevisionEvent,
  snapshot: Snapshot,
): Bookkeeping | undefined {
  const position = event.position ?? snapshot.bookkeeping?.position;
  const ordered = position === undefined ? {} : { position };
  const lives = snapshot.bookkeeping?.lives ?? [];
  switch (change) {
    case "create":
      return bookkeepingOfCreation(event, snapshot, lives, ordered);
    case "replace":
      if (event.position === undefined) return undefined;
      return { lives, firstVersion: firstVersionOf(snapshot), ...ordered };
    case "delete":
      return { lives: livesOf(snapshot), deletedVersion: lastVersion(snapshot) + 1, ...ordered };
    case "tombstone": {
      // Deleted before, and now at a later position: no document changes, so the versions stay.
      if (snapshot.bookkeeping !== undefined) return { ...snapshot.bookkeeping, ...ordered };
      const version = event.version ?? 0;
      return { lives: [{ firstVersion: version }], deletedVersion: version, ...ordered };
    }
  }
}

function bookkeepingOfCreation(
  event: RevisionEvent,
  snapshot: Snapshot,
  lives: readonly Life[],
  ordered: { readonly position?: Position },
): Bookkeeping | undefined {
  const next = snapshot.bookkeeping === undefined ? 0 : lastVersion(snapshot) + 1;
  const firstVersion = event.version ?? next;
  const needed = firstVersion > 0 || event.position !== undefined;
  return needed ? { lives, firstVersion, ...ordered } : undefined;
}

function livesOf({ current, bookkeeping }: Snapshot): readonly Life[] {
  const ended = bookkeeping?.lives ?? [];
  if (current === undefined) return ended;
  return [...ended, { firstVersion: bookkeeping?.firstVersion ?? 0, documentId: current.documentId }];
}

function firstVersionOf({ bookkeeping }: Snapshot): number {
  return bookkeeping?.firstVersion ?? 0;
}

function startOf(snapshot: Snapshot): number {
  return livesOf(snapshot)[0]?.firstVersion ?? 0;
}

function lastVersion(snapshot: Snapshot): number {
  const { current, bookkeeping } = snapshot;
  return current === undefined
    ? (bookkeeping?.deletedVersion ?? 0)
    : firstVersionOf(snapshot) + current.version;
}
