// SPDX-License-Identifier: MIT
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListShardsCommand,
  MergeShardsCommand,
  PutRecordCommand,
  PutRecordsCommand,
  SplitShardCommand,
  type _Record,
  type GetShardIteratorCommandInput,
  type Shard,
} from "@aws-sdk/client-kinesis";
import { startKinesis, type KinesisEmulator } from "@ledger-loader/testkit";

let kinesis: KinesisEmulator;
beforeAll(async () => {
  kinesis = await startKinesis();
});
afterAll(async () => {
  await kinesis.close();
});

async function shardsOf(StreamName: string): Promise<Shard[]> {
  return (await kinesis.client.send(new ListShardsCommand({ StreamName }))).Shards ?? [];
}

/** Reads a shard until it ends, or until there is nothing more for now. */
async function read(input: Omit<GetShardIteratorCommandInput, "ShardIteratorType">, from = "TRIM_HORIZON") {
  const { ShardIterator } = await kinesis.client.send(
    new GetShardIteratorCommand({ ...input, ShardIteratorType: from as "TRIM_HORIZON" }),
  );
  const records: _Record[] = [];
  let iterator = ShardIterator;
  for (let empty = 0; iterator !== undefined && empty < 2;) {
    const page = await kinesis.client.send(new GetRecordsCommand({ ShardIterator: iterator }));
    records.push(...(page.Records ?? []));
    empty = page.Records?.length === 0 ? empty + 1 : 0;
    iterator = page.NextShardIterator;
  }
  return {
    records,
    texts: records.map((r) => Buffer.from(r.Data!).toString()),
    ended: iterator === undefined,
  };
}

function entries(from: number, count: number, PartitionKey = "k") {
  return Array.from({ length: count }, (_, i) => ({ PartitionKey, Data: Buffer.from(`${from + i}`) }));
}

it("keeps a shard's order and resumes after a sequence number", async () => {
  const StreamName = "order";
  await kinesis.createStream(StreamName, 1);
  const { FailedRecordCount } = await kinesis.client.send(
    new PutRecordsCommand({ StreamName, Records: entries(0, 500) }),
  );
  expect(FailedRecordCount).toBe(0);
  const [shard] = await shardsOf(StreamName);
  const all = await read({ StreamName, ShardId: shard!.ShardId });
  expect(all.texts).toEqual(entries(0, 500).map((entry) => entry.Data.toString()));
  const numbers = all.records.map((record) => BigInt(record.SequenceNumber!));
  expect(numbers).toEqual([...numbers].sort((a, b) => (a < b ? -1 : 1)));
  const rest = await read(
    { StreamName, ShardId: shard!.ShardId, StartingSequenceNumber: all.records[479]!.SequenceNumber },
    "AFTER_SEQUENCE_NUMBER",
  );
  expect(rest.texts).toHaveLength(20);
});

it("follows the explicit hash key, not the partition key, to a shard", async () => {
  const StreamName = "hash-key";
  await kinesis.createStream(StreamName, 2);
  const put = (ExplicitHashKey: string) =>
    kinesis.client.send(
      new PutRecordCommand({ StreamName, PartitionKey: "a", ExplicitHashKey, Data: Buffer.from("x") }),
    );
  const [low, high] = [await put("0"), await put((2n ** 128n - 1n).toString())];
  expect([low.ShardId, high.ShardId]).toEqual(["shardId-000000000000", "shardId-000000000001"]);
});

it("splits and merges shards: the parent ends, the children name it and take what comes after", async () => {
  const StreamName = "reshard";
  await kinesis.createStream(StreamName, 1);
  await kinesis.client.send(new PutRecordsCommand({ StreamName, Records: entries(0, 3) }));
  const [parent] = await shardsOf(StreamName);
  await kinesis.client.send(
    new SplitShardCommand({
      StreamName,
      ShardToSplit: parent!.ShardId,
      NewStartingHashKey: (2n ** 127n).toString(),
    }),
  );
  await ready(StreamName, 3);
  await kinesis.client.send(new PutRecordsCommand({ StreamName, Records: entries(3, 3) }));
  const children = (await shardsOf(StreamName)).filter((shard) => shard.ParentShardId === parent!.ShardId);
  expect(children).toHaveLength(2);
  expect(await read({ StreamName, ShardId: parent!.ShardId })).toMatchObject({
    texts: ["0", "1", "2"],
    ended: true,
  });
  const ofChildren = await Promise.all(children.map((c) => read({ StreamName, ShardId: c.ShardId })));
  expect(ofChildren.flatMap((child) => child.texts)).toEqual(["3", "4", "5"]);
  await kinesis.client.send(
    new MergeShardsCommand({
      StreamName,
      ShardToMerge: children[0]!.ShardId,
      AdjacentShardToMerge: children[1]!.ShardId,
    }),
  );
  await ready(StreamName, 4);
  const merged = (await shardsOf(StreamName)).at(-1);
  expect([merged?.ParentShardId, merged?.AdjacentParentShardId].sort()).toEqual(
    children.map((child) => child.ShardId).sort(),
  );
});

it("refuses a record of more than 1 MiB", async () => {
  await kinesis.createStream("large", 1);
  const put = (bytes: number) =>
    kinesis.client.send(
      new PutRecordCommand({ StreamName: "large", PartitionKey: "k", Data: Buffer.alloc(bytes) }),
    );
  await expect(put(1_048_577)).rejects.toThrow();
  await expect(put(1_048_576)).resolves.toMatchObject({ ShardId: "shardId-000000000000" });
});

async function ready(StreamName: string, shards: number): Promise<void> {
  while ((await shardsOf(StreamName)).length < shards)
    await new Promise((resolve) => setTimeout(resolve, 20));
}
