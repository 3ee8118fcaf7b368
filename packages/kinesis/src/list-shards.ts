// SPDX-License-Identifier: MIT
import { ListShardsCommand, type KinesisClient, type Shard } from "@aws-sdk/client-kinesis";
import type { AwsClient } from "@ledger-loader/core";
import { StreamAnswerError } from "./kinesis-errors";

/**
 * All shards that the stream still has records of, open or closed.
 *
 * @throws StreamAnswerError if there are none.
 */
export async function listShards(client: AwsClient, streamName: string): Promise<readonly Shard[]> {
  const shards: Shard[] = [];
  let token: string | undefined;
  do {
    // With a token, naming the stream as well is refused.
    const page = await (client as KinesisClient).send(
      new ListShardsCommand(token === undefined ? { StreamName: streamName } : { NextToken: token }),
    );
    shards.push(...(page.Shards ?? []));
    token = page.NextToken;
  } while (token !== undefined);
  // A stream has a shard from its creation on; while it is created, the call is refused.
  if (shards.length === 0) throw new StreamAnswerError(streamName, "none");
  return shards;
}

/** True if the shard takes records: a split or a merge closes it. */
export function isOpen({ SequenceNumberRange: range }: Shard): boolean {
  return range?.EndingSequenceNumber === undefined;
}
