// SPDX-License-Identifier: MIT
import { type EventFields, type EventOp, type RevisionEvent, createEvent } from "@ledger-loader/core";

/**
 * Makes an event of which a test names only what matters.
 *
 * By default it is the INSERT of version 0 of record `v1` in table `Vehicle`; content is left out of a DELETE, and
 * the version of an event with a position or without an id. `undefined` leaves a field out.
 */
export function anEvent(fields: Partial<EventFields> = {}): RevisionEvent {
  const isOrdered = fields.position !== undefined || ("id" in fields && fields.id === undefined);
  const hasContent = fields.op !== "DELETE" && fields.dataHash === undefined;
  return createEvent({
    op: "INSERT",
    table: "Vehicle",
    id: "v1",
    ...(!isOrdered && { version: 0 }),
    ...(hasContent && { data: { color: "red" } }),
    ...fields,
  });
}

/**
 * Makes the history of one record: an event per operation, versions from 0, content that differs from version to
 * version. A DELETE has no content.
 *
 * @param fields what all its events share, such as `id` and `table`.
 */
export function aHistory(ops: readonly EventOp[], fields: Partial<EventFields> = {}): RevisionEvent[] {
  return ops.map((op, version) =>
    anEvent({ op, version, ...(op !== "DELETE" && { data: { revision: version } }), ...fields }),
  );
}
