// SPDX-License-Identifier: MIT
import { ListShardsCommand, type KinesisClient, type Shard } from "@aws-sdk/client-kinesis";

/** All shards that the stream still has records of, open or closed. */
export async function listShards(client: KinesisClient, streamName: string): Promise<readonly Shard[]> {
  const shards: Shard[] = [];
  let token: string | undefined;
  do {
    // With a token, naming the stream as well is refused.
    const page = await client.send(
      new ListShardsCommand(token === undefined ? { StreamName: streamName } : { NextToken: token }),
    );
    shards.push(...(page.Shards ?? []));
    token = page.NextToken;
  } while (token !== undefined);
  return shards;
}

/** Whether the shard takes records: a split or a merge closes it. */
export function isOpen({ SequenceNumberRange: range }: Shard): boolean {
  return range?.EndingSequenceNumber === undefined;
}
