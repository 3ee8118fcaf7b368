// SPDX-License-Identifier: MIT
import { randomUUID } from "node:crypto";
import { DeleteStreamCommand, ListShardsCommand, PutRecordCommand } from "@aws-sdk/client-kinesis";
import { type DeadLetter, type Loader, parkFailures } from "@ledger-loader/core";
import type { KinesisEmulator } from "../peers/kinesis-emulator";
import { KinesisEventSource, type KinesisFunction } from "../event-source/kinesis-event-source";
import type { ChannelMessage, ChannelSetup, TestChannel } from "./test-channel";

/** Makes what delivers a stream's records to a loader until all were acknowledged. */
export type KinesisDrain = (streamName: string, loader: Loader, setup: ChannelSetup) => () => Promise<void>;

/** The form of the suite's messages in a stream. */
export interface KinesisRecordForm {
  /** The record's bytes. Default: the message's. */
  readonly encode?: (body: string) => Uint8Array;
  /** True if a record's messages are spread over the shards, as a hash of each does it. Default: its key is the group. */
  readonly isScattered?: boolean;
}

const SHARDS = 3;
/** A message that no test has sent. */
const UNKNOWN: ChannelMessage = { body: "unknown bytes", group: "" };

/** A stream of three shards with a loader that parks at its end, for `describeChannel`. */
export async function openKinesisChannel(
  kinesis: KinesisEmulator,
  setup: ChannelSetup,
  toDrain: KinesisDrain,
  { encode = (body) => Buffer.from(body), isScattered = false }: KinesisRecordForm = {},
): Promise<TestChannel> {
  const StreamName = `channel-${randomUUID()}`;
  const { client } = kinesis;
  await kinesis.createStream(StreamName, SHARDS);
  const { Shards = [] } = await client.send(new ListShardsCommand({ StreamName }));
  // The same record parked twice is one letter.
  const letters = new Map<string, DeadLetter>();
  const sink = {
    park: (parked: readonly DeadLetter[]) => {
      for (const letter of parked) letters.set(letter.origin, letter);
      return Promise.resolve();
    },
  };
  const loader = parkFailures(setup.loader, { sink, channel: "kinesis", waitMs: setup.parkAfterMs });
  const sent = new Map<string, ChannelMessage>();
  let next = 0;
  const put = async (message: ChannelMessage): Promise<void> => {
    const { body, group, shard = isScattered ? next++ % SHARDS : undefined } = message;
    const Data = encode(body);
    sent.set(textOf(Data), message);
    const ExplicitHashKey = shard === undefined ? undefined : Shards[shard]?.HashKeyRange?.StartingHashKey;
    await client.send(new PutRecordCommand({ StreamName, PartitionKey: group, Data, ExplicitHashKey }));
  };
  return {
    send: async (messages) => {
      for (const message of messages) await put(message);
    },
    drain: toDrain(StreamName, loader, setup),
    takeParked: () => {
      const parked = [...letters.values()].map(({ body }) => sent.get(textOf(Buffer.from(body))) ?? UNKNOWN);
      letters.clear();
      return Promise.resolve(parked);
    },
    // The emulator, like an account, has a limit of shards.
    close: async () => {
      await client.send(new DeleteStreamCommand({ StreamName }));
    },
  };
}

function textOf(data: Uint8Array): string {
  return Buffer.from(data).toString("base64");
}

/** Delivers as Lambda's event source mapping does. */
export function drainOverLambda(
  { client }: KinesisEmulator,
  createHandler: (loader: Loader) => KinesisFunction,
): KinesisDrain {
  return (streamName, loader, { batchSizeMax, redeliveryDelaySeconds }) => {
    const handler = createHandler(loader);
    const retryDelayMs = redeliveryDelaySeconds * 1000;
    const source = new KinesisEventSource({ client, streamName, handler, batchSizeMax, retryDelayMs });
    return () => source.drain();
  };
}
