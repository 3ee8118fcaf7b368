// SPDX-License-Identifier: MIT
import type { PutEventsRequestEntry } from "@aws-sdk/client-eventbridge";
import { type RevisionEvent, encodeEvent, orderingKey } from "@ledger-loader/core";
import type { EventDetail } from "./decode-detail";
import { DETAIL_TYPE } from "./rule-pattern";

/** An event on its way to the bus. */
export interface EventEntry {
  readonly event: RevisionEvent;
  readonly entry: PutEventsRequestEntry;
  /** The size of the entry, as the limit counts it. */
  readonly bytes: number;
  /** Events of one lane are accepted one after the other. Absent for an event without id and group. */
  readonly lane?: string | undefined;
}

/** The entry for an event. */
export function toEntry(event: RevisionEvent, source: string, eventBusName: string | undefined): EventEntry {
  const detail: EventDetail = { op: event.op, table: event.table, event: encodeEvent(event) };
  const entry: PutEventsRequestEntry = {
    Source: source,
    DetailType: DETAIL_TYPE,
    Detail: JSON.stringify(detail),
    EventBusName: eventBusName,
  };
  const lane = orderingKey(event);
  return { event, entry, bytes: entryBytes(entry), lane };
}

/**
 * The size of an entry as EventBridge counts it: 14 bytes for `Time`, the others in UTF-8
 * ([entry size](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html)).
 */
function entryBytes({ Time, Source, DetailType, Detail, Resources = [] }: PutEventsRequestEntry): number {
  const texts = [Source, DetailType, Detail, ...Resources];
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text ?? ""), 0);
  return bytes + (Time === undefined ? 0 : 14);
}
