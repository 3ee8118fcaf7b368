// SPDX-License-Identifier: MIT
import { DYNAMODB_SETTINGS } from "@ledger-loader/dynamodb";
import { fromSetting, required, text, type ParameterValues } from "./parameter";
import type { LoaderValues } from "./function-parameters";
import { SHARD_PARAMETERS } from "./stream-parameters";

/** The settings of the function itself, by the names that the environment parser knows. */
export const TABLE_PARAMETERS = {
  tables: fromSetting(DYNAMODB_SETTINGS.tables),
  modifyAs: fromSetting(DYNAMODB_SETTINGS.modifyAs),
  sets: fromSetting(DYNAMODB_SETTINGS.sets),
  expiry: fromSetting(DYNAMODB_SETTINGS.expiry),
  epoch: fromSetting(DYNAMODB_SETTINGS.epoch),
  eventAttribute: fromSetting(DYNAMODB_SETTINGS.eventAttribute),
} as const;

/** The parameters of a table's stream and its event source mapping. */
export const DYNAMODB_PARAMETERS = {
  ...SHARD_PARAMETERS,
  ...TABLE_PARAMETERS,
  streamArn: required<string>({
    accepts: "the ARN of a DynamoDB table's stream, or of the Kinesis data stream that the table feeds",
    parse: text(
      /^arn:[\w-]+:(dynamodb:[\w-]+:\d{12}:table\/[\w.-]+\/stream\/[\dT:.-]+|kinesis:[\w-]+:\d{12}:stream\/[\w.-]+)$/,
    ),
    meaning: "The stream of the table, with new images: NEW_IMAGE or NEW_AND_OLD_IMAGES.",
    tradeOff:
      "A table's own stream keeps the order of changes for 24 hours. Kinesis keeps them longer, without order.",
  }),
} as const;

/** The values of a DynamoDB table's loader. */
export type DynamoDbValues = LoaderValues & ParameterValues<typeof DYNAMODB_PARAMETERS>;
