// SPDX-License-Identifier: MIT
import {
  DescribeStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  TrimmedDataAccessException,
  type DynamoDBStreamsClient,
  type _Record,
} from "@aws-sdk/client-dynamodb-streams";
import type { Random } from "@ledger-loader/testkit";
import { LABEL } from "./stream-records";

/** Where the stand-in's records come from. */
export const STREAM_ARN = `arn:aws:dynamodb:us-east-1:123456789012:table/Person/stream/${LABEL}`;

interface StandInShard {
  readonly id: string;
  readonly parent: string | undefined;
  readonly records: _Record[];
  isOpen: boolean;
  /** Records that are older than 24 hours. */
  trimmed: number;
}

/**
 * The API of DynamoDB Streams over shards in memory, for what DynamoDB Local does not do: shards that end and have
 * children, listed in any order and page by page; records that are trimmed.
 */
export class StreamStandIn {
  readonly #random: Random;
  readonly #shards: StandInShard[] = [];
  #sequence = 100n;
  status: "ENABLED" | "DISABLED" = "ENABLED";

  constructor(random: Random) {
    this.#random = random;
    this.#open(undefined);
    this.#open(undefined);
  }

  /** The client that the consumer gets. */
  get client(): Pick<DynamoDBStreamsClient, "send"> {
    return { send: (command: unknown) => Promise.resolve().then(() => this.#answer(command)) } as never;
  }

  /** Appends a change of an item to the shard that has it; returns its sequence number. */
  put(id: string, eventName: "INSERT" | "MODIFY" | "REMOVE", n: number): string {
    const open = this.#shards.filter(({ isOpen }) => isOpen);
    // A shard's child takes over its place: items stay in their lineage.
    const shard = open[Number(id.slice(1)) % open.length]!;
    this.#sequence += BigInt(1 + this.#random.below(10 ** 6));
    const SequenceNumber = this.#sequence.toString();
    const Keys = { id: { S: id } };
    shard.records.push({
      eventName,
      eventSource: "aws:dynamodb",
      dynamodb: {
        ApproximateCreationDateTime: new Date(1_767_225_600_000),
        Keys,
        ...(eventName !== "REMOVE" && { NewImage: { ...Keys, n: { N: String(n) } } }),
        SequenceNumber,
        StreamViewType: "NEW_IMAGE",
      },
    });
    return SequenceNumber;
  }

  /** Ends an open shard; its child goes on. */
  rotate(index: number): void {
    const place = this.#shards.indexOf(this.#shards.filter(({ isOpen }) => isOpen)[index]!);
    const parent = this.#shards[place]!;
    parent.isOpen = false;
    this.#shards.splice(place + 1, 0, this.#newShard(parent.id));
  }

  /** Removes the oldest records of a shard, as DynamoDB does after 24 hours. */
  trim(index: number, count: number): void {
    this.#shards[index]!.trimmed = count;
  }

  /** Ends all shards. */
  disable(): void {
    this.status = "DISABLED";
    for (const shard of this.#shards) shard.isOpen = false;
  }

  #open(parent: string | undefined): void {
    this.#shards.push(this.#newShard(parent));
  }

  #newShard(parent: string | undefined): StandInShard {
    const id = `shardId-${String(this.#shards.length).padStart(20, "0")}-00000000`;
    return { id, parent, records: [], isOpen: true, trimmed: 0 };
  }

  #answer(command: unknown): unknown {
    if (command instanceof DescribeStreamCommand) return this.#describe(command.input.ExclusiveStartShardId);
    if (command instanceof GetShardIteratorCommand) {
      const { ShardId, SequenceNumber } = command.input;
      return { ShardIterator: this.#iterator(ShardId!, SequenceNumber) };
    }
    if (command instanceof GetRecordsCommand) {
      return this.#records(command.input.ShardIterator!, command.input.Limit ?? 1000);
    }
    throw new TypeError("The stand-in knows three commands.");
  }

  /** One shard per page, children before parents. */
  #describe(after: string | undefined): unknown {
    const listed = this.#shards.toReversed();
    const place = after === undefined ? 0 : listed.findIndex(({ id }) => id === after) + 1;
    const shard = listed[place];
    const Shards = shard ? [{ ShardId: shard.id, ParentShardId: shard.parent }] : [];
    return {
      StreamDescription: {
        StreamViewType: "NEW_IMAGE",
        StreamStatus: this.status,
        Shards,
        LastEvaluatedShardId: place + 1 < listed.length ? shard?.id : undefined,
      },
    };
  }

  #iterator(shardId: string, after: string | undefined): string {
    const shard = this.#shard(shardId);
    const place = shard.records.findIndex(({ dynamodb }) => dynamodb?.SequenceNumber === after) + 1;
    if (after !== undefined && place < shard.trimmed) {
      throw new TrimmedDataAccessException({ message: "older than 24 hours", $metadata: {} });
    }
    return `${shardId}|${Math.max(place, shard.trimmed)}`;
  }

  #records(iterator: string, limit: number): unknown {
    const [shardId = "", place = "0"] = iterator.split("|");
    const shard = this.#shard(shardId);
    // Now and then fewer than there are, or none, as the real service gives.
    const count = this.#random.below(limit + 1);
    const Records = shard.records.slice(Number(place), Number(place) + count);
    const next = Number(place) + Records.length;
    const isEnd = !shard.isOpen && next === shard.records.length;
    return { Records, ...(!isEnd && { NextShardIterator: `${shardId}|${next}` }) };
  }

  #shard(shardId: string): StandInShard {
    return this.#shards.find(({ id }) => id === shardId)!;
  }
}
