// SPDX-License-Identifier: MIT
/** The functions that read records alone: it loads no client of AWS. */
export { readDynamoDbOptions } from "./create-dynamodb-handler-from-config";
export { decodeDynamoDbKinesisRecord, decodeDynamoDbRecord } from "./decode-records";
export type { DynamoDbOptions } from "./dynamodb-options";
