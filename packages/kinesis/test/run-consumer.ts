// SPDX-License-Identifier: MIT
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ListShardsCommand, type KinesisClient } from "@aws-sdk/client-kinesis";
import { type CheckpointStore, FileCheckpointStore, SHARD_END } from "@ledger-loader/core";
import { createKinesisConsumer, type KinesisConsumerOptions } from "@ledger-loader/kinesis";
import { readKinesisStream } from "@ledger-loader/testkit";

const folders: string[] = [];

/** A store in a new file of its own, until {@link removeStores}. */
export async function aStore(streamName: string): Promise<FileCheckpointStore> {
  const folder = await mkdtemp(join(tmpdir(), "checkpoints-"));
  folders.push(folder);
  return new FileCheckpointStore(join(folder, "checkpoints"), streamName);
}

export async function removeStores(): Promise<void> {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
}

/** True if every shard's checkpoint is at its last record, or beyond. */
export async function isDrained(
  client: KinesisClient,
  streamName: string,
  store: CheckpointStore,
): Promise<boolean> {
  const { Shards } = await client.send(new ListShardsCommand({ StreamName: streamName }));
  const records = await readKinesisStream(client, streamName);
  const leases = new Map((await store.read()).map(({ shardId, checkpoint }) => [shardId, checkpoint]));
  return Shards!.every(({ ShardId, SequenceNumberRange }, i) => {
    const checkpoint = leases.get(ShardId!);
    if (checkpoint === SHARD_END) return true;
    const last = records[i]!.at(-1)?.SequenceNumber;
    return (
      SequenceNumberRange!.EndingSequenceNumber === undefined && (last === undefined || last === checkpoint)
    );
  });
}

/** Runs a consumer until `isDone`; rejects if it ends by itself before. */
export async function runUntil(
  options: KinesisConsumerOptions,
  isDone: () => Promise<boolean> | boolean,
): Promise<void> {
  const stop = new AbortController();
  const ended = new AbortController();
  const running = createKinesisConsumer({ pollMs: 40, leaseMs: 300, ...options })
    .run(stop.signal)
    .finally(() => {
      ended.abort();
    });
  // Looked at below; until then it must not count as unhandled.
  running.catch(() => undefined);
  while (!ended.signal.aborted && !(await isDone())) await sleep(80);
  stop.abort();
  await running;
}
