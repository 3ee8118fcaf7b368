// SPDX-License-Identifier: MIT

/** What the records of a Kinesis data stream can be, which an object of Lambda's does not tell. */
export const SHARD_CHANNELS = ["kinesis", "qldb-stream", "dms", "dynamodb-kinesis"] as const;
/** One of {@link SHARD_CHANNELS}. */
export type ShardChannel = (typeof SHARD_CHANNELS)[number];
