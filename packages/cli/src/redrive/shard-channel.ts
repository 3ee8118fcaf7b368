// SPDX-License-Identifier: MIT

/** The kinds of records of a Kinesis data stream. An object of Lambda's does not name its kind. */
export const SHARD_CHANNELS = ["kinesis", "qldb-stream", "dms", "dynamodb-kinesis"] as const;
/** One of {@link SHARD_CHANNELS}. */
export type ShardChannel = (typeof SHARD_CHANNELS)[number];
