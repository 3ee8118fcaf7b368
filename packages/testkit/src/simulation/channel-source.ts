// SPDX-License-Identifier: MIT
import { type RevisionEvent, encodeEvent, isDeletion, recordKey } from "@ledger-loader/core";
import type { Random } from "../ledger/random";
import { randomHistories, type RecordHistory } from "../ledger/random-histories";

/** One message of a source. */
export interface SourceMessage {
  /** The key that the channel keeps in order, if it can: the record. */
  readonly key: string;
  /** The event as the source sends it; unique among a source's messages. */
  readonly body: string;
  /** The event as it should have been; absent where there is none. */
  readonly event?: RevisionEvent;
  /** True if somebody must correct it before it can be loaded: a cut off body, of which the event is known. */
  readonly isBroken: boolean;
}

/** The messages of a source. */
export interface ChannelSource {
  readonly histories: readonly RecordHistory[];
  /** Every event once, in order per record, and some that are no events. */
  readonly messages: readonly SourceMessage[];
}

/** The table of all simulated channels. */
export const SOURCE_TABLE = "T";

const RECORDS = 4;
const VERSIONS_MAX = 7;

/** Events of a few records, some of them broken, among messages that will never be events. */
export function randomChannelSource(
  random: Random,
  { deletionsAreFinal }: { readonly deletionsAreFinal: boolean },
): ChannelSource {
  const options = { table: SOURCE_TABLE, records: RECORDS, versionsMax: VERSIONS_MAX };
  const all = randomHistories(random, options);
  const histories = deletionsAreFinal ? all.map(untilDeletion) : all;
  const waiting = histories.map((history) => [...history]);
  const messages: SourceMessage[] = [];
  const brokenRate = random.chance(0.5) ? 0.08 : 0;
  while (waiting.some(({ length }) => length > 0)) {
    const event = waiting[random.below(RECORDS)]?.shift();
    if (event !== undefined) messages.push(toMessage(event, random.chance(brokenRate)));
  }
  for (const [i, body] of poison().entries()) {
    // Among the messages of a record as well as alone: it must hold up neither.
    const key = random.chance(0.5) ? (messages[0]?.key ?? "") : `poison-${i}`;
    const message = { key, body, isBroken: false };
    if (random.chance(0.5)) messages.splice(random.below(messages.length + 1), 0, message);
  }
  return { histories, messages };
}

function untilDeletion(history: RecordHistory): RecordHistory {
  const end = history.findIndex(isDeletion);
  return end === -1 ? history : history.slice(0, end + 1);
}

function toMessage(event: RevisionEvent, isBroken: boolean): SourceMessage {
  const body = encodeEvent(event);
  return { key: recordKey(event) ?? "", body: isBroken ? body.slice(0, -1) : body, event, isBroken };
}

function poison(): readonly string[] {
  return [
    "not an event",
    `{op:"UPSERT",table:"${SOURCE_TABLE}",id:"bad",version:0,data:{}}`,
    `{op:"INSERT",table:"NoSuchTable",id:"bad",version:0,data:{}}`,
    `{op:"UPDATE",table:"${SOURCE_TABLE}",id:"bad",version:7,data:{}}`,
  ];
}
