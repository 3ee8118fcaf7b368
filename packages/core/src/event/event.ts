// SPDX-License-Identifier: MIT
import { createHash } from "node:crypto";
import type { dom } from "ion-js";
import type { TableName } from "./identifier";
import type { RecordId } from "./record-id";

/** The operation of an event. `ANY`: the loader decides from the event and the ledger. */
export type EventOp = "INSERT" | "UPDATE" | "DELETE" | "ANY";

/** Every operation, in the order of the reference. */
export const EVENT_OPS: readonly EventOp[] = ["INSERT", "UPDATE", "DELETE", "ANY"];

/**
 * Where the source's own log stood: a per-record order that may have gaps, compared element by element.
 *
 * Never the transport's sequence number, which is another one after a replay.
 */
export type Position = readonly bigint[];

/**
 * One revision of one record, to be loaded.
 *
 * Events are made by `createEvent` or decoded by `decodeEvents`; both check them and freeze them. Their content is frozen
 * before a hook or a transform sees it: one that changes an event throws.
 */
export interface RevisionEvent {
  readonly op: EventOp;
  /** The table in the target ledger. */
  readonly table: TableName;
  /** The identity of the record. Without one there is no idempotence check. */
  readonly id?: RecordId | undefined;
  /** The gapless number of this revision of the record, from 0. */
  readonly version?: number | undefined;
  /** The order of sources without versions. Never together with `version`. */
  readonly position?: Position | undefined;
  /** The document. Absent for deletions and redacted revisions. */
  readonly data?: dom.Struct | undefined;
  /** The Ion hash of a redacted document, 32 bytes: its place is kept, its content is gone. */
  readonly dataHash?: Uint8Array | undefined;
  /**
   * Fields that `data` leaves out because the source says that they have not changed: the writer takes them from the
   * current revision. `*` stands for every field that `data` does not name. Only together with `data` and `id`.
   */
  readonly unchanged?: readonly string[] | undefined;
  /** The record whose current revision holds the unchanged fields, where a source has changed a key. Default: `id`. */
  readonly unchangedOf?: RecordId | undefined;
  /** The ordering group on FIFO channels. Default: the record. */
  readonly group?: string | undefined;
  /**
   * Set by a channel whose transport keeps no trailing zeros, as JSON parsed by Lambda: `1.50` arrives as `1.5`. Ints and
   * decimals of `data` are then compared with the ledger by value. No field of an event's text.
   */
  readonly numbersByValue?: true | undefined;
}

/** True if the event stands for the absence of the record: `DELETE`, or `ANY` without content. */
export function isDeletion(event: RevisionEvent): boolean {
  return (
    event.op === "DELETE" || (event.op === "ANY" && event.data === undefined && event.dataHash === undefined)
  );
}

/** The name that stands for all fields in {@link RevisionEvent.unchanged}. */
export const ALL_UNCHANGED = "*";

/**
 * True if the event can only be applied right upon the change before it: its unchanged fields are those of that revision,
 * and no version tells whether that one is there.
 */
export function buildsOnPrevious(event: RevisionEvent): boolean {
  return event.unchanged !== undefined && event.version === undefined;
}

/** True if nothing but the order of delivery says where the event belongs. */
export function isUnordered(event: RevisionEvent): boolean {
  return event.version === undefined && event.position === undefined;
}

/** True if the event must not be applied after one before it, in a lane or a source transaction, has failed. */
export function mustFollow(event: RevisionEvent): boolean {
  return isUnordered(event) || buildsOnPrevious(event);
}

/**
 * The key of the record that an event is about: 43 characters, a SHA-256 of table and canonical id in base64url.
 *
 * It names lanes, FIFO groups and rows of bookkeeping without repeating an id that may be personal data.
 * `undefined` for an event without id.
 */
export function recordKey(event: Pick<RevisionEvent, "table" | "id">): string | undefined {
  if (event.id === undefined) return undefined;
  return hash(`${event.table}\n${event.id.key}`);
}

/**
 * The group that a channel must keep in order: the group that the event names, else its record. Events with one key MUST NOT overtake
 * each other.
 *
 * 43 characters: hashed, because a group or an id may be personal data, which has no place in a channel's metadata, and may be
 * longer than a channel takes. `undefined` for an event with neither, which has no order.
 */
export function orderingKey(event: Pick<RevisionEvent, "table" | "id" | "group">): string | undefined {
  return event.group === undefined ? recordKey(event) : hash(JSON.stringify(["group", event.group]));
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}
