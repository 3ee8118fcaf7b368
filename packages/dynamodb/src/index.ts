// SPDX-License-Identifier: MIT
export type { SetStyle } from "./attribute-value";
export {
  createDynamoDbHandlerFromConfig,
  createDynamoDbKinesisHandlerFromConfig,
  readDynamoDbOptions,
} from "./create-dynamodb-handler-from-config";
export { decodeDynamoDbKinesisRecord, decodeDynamoDbRecord } from "./decode-records";
export type { DynamoDbOptions, ExpiryPolicy } from "./dynamodb-options";
export { DYNAMODB_SETTINGS } from "./dynamodb-settings";
export { createDynamoDbHandler } from "./handler";
export type { DynamoDbHandler } from "./handler";
export { createDynamoDbKinesisHandler } from "./kinesis-handler";
export type { DynamoDbKinesisHandler } from "./kinesis-handler";
export { createDynamoDbConsumer } from "./consumer";
export type { DynamoDbConsumerOptions } from "./consumer";
export { DynamoDbCheckpointStore } from "./dynamodb-checkpoint-store";
export type { DynamoDbCheckpointStoreOptions } from "./dynamodb-checkpoint-store";
export { CheckpointTableError, StreamTrimmedError, StreamViewTypeError } from "./stream-errors";
export { createDynamoDbProjection } from "./projection";
export type { DynamoDbProjectionOptions, TableProjection } from "./projection-options";
