// SPDX-License-Identifier: MIT
import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListShardsCommand,
  type _Record,
  type KinesisClient,
} from "@aws-sdk/client-kinesis";

/** Reads all records of a stream as it is now: shard by shard, in each one's order, closed shards included. */
export async function readKinesisStream(client: KinesisClient, StreamName: string): Promise<_Record[][]> {
  const { Shards = [] } = await client.send(new ListShardsCommand({ StreamName }));
  return Promise.all(Shards.map(({ ShardId = "" }) => readShard(client, StreamName, ShardId)));
}

async function readShard(client: KinesisClient, StreamName: string, ShardId: string): Promise<_Record[]> {
  const { ShardIterator } = await client.send(
    new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: "TRIM_HORIZON" }),
  );
  const records: _Record[] = [];
  for (let iterator = ShardIterator; iterator !== undefined;) {
    const page = await client.send(new GetRecordsCommand({ ShardIterator: iterator }));
    const { Records = [], MillisBehindLatest, NextShardIterator } = page;
    records.push(...Records);
    iterator = Records.length === 0 && MillisBehindLatest === 0 ? undefined : NextShardIterator;
  }
  return records;
}
