// SPDX-License-Identifier: MIT
export { createKinesisConsumer } from "./consumer";
export type { KinesisConsumerOptions } from "./consumer";
export { createKinesisHandler, createQldbStreamHandler } from "./handler";
export type { KinesisHandler } from "./handler";
export { StreamAnswerError, StreamUnavailableError } from "./kinesis-errors";
export { createKinesisPublisher } from "./publisher";
export type { KinesisPublisherOptions } from "./publisher";
export { decodeQldbStreamRecord } from "./qldb-stream-record";
export type { RecordDecoder } from "./stream-record";
