// SPDX-License-Identifier: MIT
import type { Shard } from "@aws-sdk/client-dynamodb-streams";

/**
 * The shards that can be read now: those whose parent has been read to its end, or is no longer there.
 *
 * An item's changes go on in the child of the shard in which they were, so a child must wait for its parent.
 *
 * @param finished the shards that have been read to their end.
 */
export function readyShards(shards: readonly Shard[], finished: ReadonlySet<string>): readonly string[] {
  const present = new Set(shards.map(({ ShardId }) => ShardId));
  return shards.flatMap(({ ShardId, ParentShardId }) => {
    if (ShardId === undefined || finished.has(ShardId)) return [];
    const mustWait =
      ParentShardId !== undefined && present.has(ParentShardId) && !finished.has(ParentShardId);
    return mustWait ? [] : [ShardId];
  });
}
