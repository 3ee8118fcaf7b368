// SPDX-License-Identifier: MIT
export { SHARD_END } from "./checkpoint-store";
export type { CheckpointStore, ShardLease } from "./checkpoint-store";
export { createKinesisConsumer } from "./consumer";
export type { KinesisConsumerOptions } from "./consumer";
export { FileCheckpointStore } from "./file-checkpoint-store";
export { createKinesisHandler, createQldbStreamHandler } from "./handler";
export type { KinesisHandler } from "./handler";
export { CheckpointFileError, EventsTooLargeError, StreamUnavailableError } from "./kinesis-errors";
export { createKinesisPublisher } from "./publisher";
export type { KinesisPublisherOptions } from "./publisher";
export { decodeQldbStreamRecord } from "./qldb-stream-record";
export type { RecordDecoder } from "./stream-record";
