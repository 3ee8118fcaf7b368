// SPDX-License-Identifier: MIT
import { randomUUID } from "node:crypto";
import { PutRecordCommand } from "@aws-sdk/client-kinesis";
import { parkFailures, type Loader } from "@ledger-loader/core";
import type { ChannelMessage, ChannelSetup, KinesisEmulator, TestChannel } from "@ledger-loader/testkit";
import { MemorySink } from "./memory-sink";

/** What delivers a stream's records to a loader until all were acknowledged. */
export type Drain = (streamName: string, loader: Loader, setup: ChannelSetup) => () => Promise<void>;

/** A stream of three shards with a loader that parks at once at its end, for `describeChannel`. */
export async function openKinesisChannel(
  kinesis: KinesisEmulator,
  setup: ChannelSetup,
  toDrain: Drain,
): Promise<TestChannel> {
  const streamName = `channel-${randomUUID()}`;
  await kinesis.createStream(streamName, 3);
  const sink = new MemorySink();
  const loader = parkFailures(setup.loader, { sink, channel: "kinesis", waitMs: 0 });
  const drain = toDrain(streamName, loader, setup);
  const groups = new Map<string, string>();
  return {
    send: async (messages: readonly ChannelMessage[]) => {
      for (const { body, group } of messages) {
        groups.set(body, group);
        await kinesis.client.send(
          new PutRecordCommand({ StreamName: streamName, PartitionKey: group, Data: Buffer.from(body) }),
        );
      }
    },
    drain,
    takeParked: () => {
      const bodies = sink.take().map(({ body }) => Buffer.from(body).toString());
      return Promise.resolve(bodies.map((body) => ({ body, group: groups.get(body)! })));
    },
    close: () => Promise.resolve(),
  };
}
