// SPDX-License-Identifier: MIT
import type { DeadLetter } from "@ledger-loader/core";
import { deaggregate } from "@ledger-loader/kpl";
import type { ShardChannel } from "./shard-channel";

/** An object that Lambda wrote to a bucket for an invocation that it gave up. */
export interface GivenUpObject {
  /** The letters of each record, in the order of the records; an aggregate has several. */
  readonly records: readonly (readonly DeadLetter[])[];
  /** The object without some of its records, by their index. */
  without(done: ReadonlySet<number>): string;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads an object of Lambda's on-failure destination; `undefined` for another object.
 *
 * Source: AWS Lambda's developer guide, "Retain discarded batch records for a Kinesis Data Streams event source", and the pages of the same
 * kind on DynamoDB, MSK and asynchronous invocations. The whole event is a text in `payload`.
 */
export function readGivenUpObject(text: string, channel: ShardChannel): GivenUpObject | undefined {
  const record = parseObject(text);
  if (record === undefined || !isFields(record["requestContext"])) return undefined;
  const parkedAtMs = Date.parse(String(record["timestamp"]));
  if (Number.isNaN(parkedAtMs)) return undefined;
  // SNS and EventBridge: one event, which a queue holds in the same form.
  if ("requestPayload" in record)
    return { records: [[letterOf(text, "sqs", "invocation", parkedAtMs)]], without: () => text };
  const event = payloadOf(record["payload"]);
  const found = event && recordsOf(event);
  if (event === undefined || found === undefined) return undefined;
  return {
    records: found.map((each) => toLetters(each, channel, parkedAtMs)),
    without: (done) => rewritten(record, event, found, done),
  };
}

function payloadOf(payload: unknown): Fields | undefined {
  return typeof payload === "string" ? parseObject(payload) : isFields(payload) ? payload : undefined;
}

/** The records of an event: a list, or with Kafka a list for each partition. */
function recordsOf({ Records: records, records: byPartition }: Fields): readonly Fields[] | undefined {
  const all = Array.isArray(records)
    ? records
    : isFields(byPartition)
      ? Object.values(byPartition).flat()
      : [];
  return all.length > 0 && all.every(isFields) ? all : undefined;
}

function rewritten(record: Fields, event: Fields, all: readonly Fields[], done: ReadonlySet<number>): string {
  const stays = (each: unknown): boolean => !done.has(all.indexOf(each as Fields));
  const { Records: records, records: byPartition } = event;
  const left = Array.isArray(records)
    ? { Records: records.filter(stays) }
    : {
        records: Object.fromEntries(
          Object.entries(byPartition as Record<string, readonly unknown[]>).map(([partition, each]) => [
            partition,
            each.filter(stays),
          ]),
        ),
      };
  const payload = { ...event, ...left };
  return JSON.stringify({
    ...record,
    payload: typeof record["payload"] === "string" ? JSON.stringify(payload) : payload,
  });
}

function toLetters(record: Fields, channel: ShardChannel, parkedAtMs: number): readonly DeadLetter[] {
  const { kinesis, dynamodb } = record;
  if (isFields(dynamodb)) {
    const place = String(dynamodb["SequenceNumber"]);
    return [letterOf(JSON.stringify(record), "dynamodb", place, parkedAtMs)];
  }
  if (isFields(kinesis)) return shardLetters(record, kinesis, channel, parkedAtMs);
  const place = `${String(record["topic"])}-${String(record["partition"])}@${String(record["offset"])}`;
  return [letterOf(bytesOf(record["value"]), "msk", place, parkedAtMs)];
}

/** Only the loader's own records may be aggregates: the functions of DMS and DynamoDB take records as they are. */
function shardLetters(
  { eventID }: Fields,
  { data, sequenceNumber }: Fields,
  channel: ShardChannel,
  parkedAtMs: number,
): readonly DeadLetter[] {
  const place = `${String(eventID).split(":")[0] ?? ""}/${String(sequenceNumber)}`;
  const bytes = bytesOf(data);
  const content = channel === "kinesis" || channel === "qldb-stream" ? deaggregate(bytes) : undefined;
  if (content?.kind !== "aggregate") return [letterOf(bytes, channel, place, parkedAtMs)];
  return content.records.map(({ data: body, subSequenceNumber }) =>
    letterOf(body, channel, `${place}#${subSequenceNumber}`, parkedAtMs),
  );
}

function letterOf(
  body: string | Uint8Array,
  channel: string,
  origin: string,
  parkedAtMs: number,
): DeadLetter {
  return {
    channel,
    origin,
    deliveryId: origin,
    body,
    reason: "not-recorded",
    detail: "Given up by Lambda after its last attempt; the function's log says why.",
    retryable: true,
    parkedAtMs,
  };
}

/** A record of Kafka without a value is a tombstone. */
function bytesOf(base64: unknown): Uint8Array {
  return Buffer.from(typeof base64 === "string" ? base64 : "", "base64");
}

function parseObject(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : undefined;
  } catch {
    // Not JSON, so not Lambda's.
    return undefined;
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
