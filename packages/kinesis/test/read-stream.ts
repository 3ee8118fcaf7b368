// SPDX-License-Identifier: MIT
import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListShardsCommand,
  type _Record,
  type KinesisClient,
} from "@aws-sdk/client-kinesis";

/** All records of a stream: shard by shard, in each one's order. */
export async function readStream(client: KinesisClient, StreamName: string): Promise<_Record[][]> {
  const { Shards } = await client.send(new ListShardsCommand({ StreamName }));
  return Promise.all(Shards!.map(({ ShardId }) => readShard(client, StreamName, ShardId!)));
}

async function readShard(client: KinesisClient, StreamName: string, ShardId: string): Promise<_Record[]> {
  const { ShardIterator } = await client.send(
    new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: "TRIM_HORIZON" }),
  );
  const records: _Record[] = [];
  for (let iterator = ShardIterator; iterator !== undefined;) {
    const page = await client.send(new GetRecordsCommand({ ShardIterator: iterator }));
    records.push(...page.Records!);
    iterator =
      page.Records!.length === 0 && page.MillisBehindLatest === 0 ? undefined : page.NextShardIterator;
  }
  return records;
}
