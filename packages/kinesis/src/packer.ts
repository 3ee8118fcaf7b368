// SPDX-License-Identifier: MIT
import { randomUUID } from "node:crypto";
import { type OutboxMessage, type RevisionEvent, encodeEvent, orderingKey } from "@ledger-loader/core";
import { Aggregator, hashKeyOf, UserRecordTooLargeError, type KinesisRecord } from "@ledger-loader/kpl";
import type { OutgoingRecord } from "./record-sender";

/** A Kinesis record with events in it. */
export interface EventRecord extends OutgoingRecord, OutboxMessage {
  /** How many events it holds. */
  readonly events: number;
}

/** Makes Kinesis records of events. */
export interface Packer {
  /** How many groups its records form at most: a batch holds one record of each. */
  readonly groups: number;
  /** Adds an event and returns the record that became full by it, if one did. @throws UserRecordTooLargeError */
  add(event: RevisionEvent): EventRecord | undefined;
  /** Returns the records that are not full yet. */
  flush(): readonly EventRecord[];
}

/** One Kinesis record per event. */
export class SinglePacker implements Packer {
  readonly groups: number = Number.POSITIVE_INFINITY;
  readonly #recordBytesMax: number;

  constructor(recordBytesMax: number) {
    this.#recordBytesMax = recordBytesMax;
  }

  add(event: RevisionEvent): EventRecord {
    const partitionKey = partitionKeyOf(event);
    const data = Buffer.from(encodeEvent(event));
    const bytes = data.length + Buffer.byteLength(partitionKey);
    if (bytes > this.#recordBytesMax) throw new UserRecordTooLargeError(bytes, this.#recordBytesMax);
    return { partitionKey, data, bytes, groupId: partitionKey, events: 1 };
  }

  flush(): readonly EventRecord[] {
    return [];
  }
}

/** A range of hash keys and the shard that owns it. */
export interface ShardRange {
  readonly shardId: string;
  readonly first: bigint;
  readonly last: bigint;
}

/** Many events per Kinesis record, each record with events of one shard only. */
export class AggregatePacker implements Packer {
  readonly #lanes: readonly { readonly range: ShardRange; readonly aggregator: Aggregator }[];

  get groups(): number {
    return this.#lanes.length;
  }

  constructor(shards: readonly ShardRange[], recordBytesMax: number) {
    this.#lanes = shards.map((range) => ({
      range,
      aggregator: new Aggregator({ maxBytes: recordBytesMax }),
    }));
  }

  add(event: RevisionEvent): EventRecord | undefined {
    const record = { partitionKey: partitionKeyOf(event), data: Buffer.from(encodeEvent(event)) };
    const hashKey = hashKeyOf(record);
    const lane = this.#lanes.find(({ range }) => range.first <= hashKey && hashKey <= range.last);
    if (lane === undefined) throw new Error("Expected the open shards to cover all hash keys, found a gap.");
    return toEventRecord(lane.range.shardId, lane.aggregator.add(record));
  }

  flush(): readonly EventRecord[] {
    return this.#lanes.flatMap(({ range, aggregator }) => {
      const record = toEventRecord(range.shardId, aggregator.flush());
      return record === undefined ? [] : [record];
    });
  }
}

function toEventRecord(shardId: string, record: KinesisRecord | undefined): EventRecord | undefined {
  if (record === undefined) return undefined;
  const { partitionKey, explicitHashKey, data, userRecords } = record;
  const bytes = data.length + Buffer.byteLength(partitionKey);
  // Records of one shard leave one after the other: that keeps the order of each of its records.
  return { partitionKey, explicitHashKey, data, bytes, groupId: shardId, events: userRecords };
}

/** The key that keeps in one shard what has an order; other events go anywhere. */
export function partitionKeyOf(event: RevisionEvent): string {
  return orderingKey(event) ?? randomUUID();
}
