// SPDX-License-Identifier: MIT
import { toEnvironment } from "@ledger-loader/core";
import { DYNAMODB_SETTINGS } from "@ledger-loader/dynamodb";
import type { Construct } from "constructs";
import type { LoaderValues } from "../constructs/loader-function";
import { LoaderStack, type LoaderStackProps } from "../constructs/loader-stack";
import { fromSetting, required, text, type ParameterValues } from "../parameters/parameter";
import { connectShards, KINESIS_SOURCE_ACTIONS, SHARD_PARAMETERS } from "../constructs/stream-source";

/** The settings of the function itself, by the names that the environment parser knows. */
const SETTING_PARAMETERS = {
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
  ...SETTING_PARAMETERS,
  streamArn: required<string>({
    accepts: "the ARN of a DynamoDB table's stream, or of the Kinesis data stream that the table feeds",
    parse: text(
      /^arn:[\w-]+:(dynamodb:[\w-]+:\d{12}:table\/[\w.-]+\/stream\/[\dT:.-]+|kinesis:[\w-]+:\d{12}:stream\/[\w.-]+)$/,
    ),
    meaning: "The stream of the table. It must carry new images: NEW_IMAGE or NEW_AND_OLD_IMAGES.",
    tradeOff:
      "A table's own stream keeps the order of an item's changes and lasts 24 hours; Kinesis keeps longer, and no order.",
  }),
} as const;

/** What Lambda needs to read a table's stream: AWS managed policy AWSLambdaDynamoDBExecutionRole. */
const DYNAMODB_SOURCE_ACTIONS = [
  "dynamodb:DescribeStream",
  "dynamodb:GetRecords",
  "dynamodb:GetShardIterator",
  "dynamodb:ListStreams",
] as const;

/** The values of a DynamoDB table's loader. */
export type DynamoDbValues = LoaderValues & ParameterValues<typeof DYNAMODB_PARAMETERS>;

/** Loads the changes of a DynamoDB table, from its own stream or from the data stream that it feeds. */
export class DynamoDbStreamLoaderStack extends LoaderStack {
  constructor(scope: Construct, id: string, props: LoaderStackProps<DynamoDbValues>) {
    const { values } = props;
    const isKinesis = values.streamArn.split(":")[2] === "kinesis";
    const { tables, modifyAs, sets, expiry, epoch, eventAttribute } = values;
    super(scope, id, props, {
      entry: isKinesis ? "dynamodb-kinesis" : "dynamodb",
      environment: toEnvironment(DYNAMODB_SETTINGS, {
        tables,
        modifyAs,
        sets,
        expiry,
        epoch,
        eventAttribute,
      }),
    });
    const actions = isKinesis ? KINESIS_SOURCE_ACTIONS : DYNAMODB_SOURCE_ACTIONS;
    connectShards(this, this.loader, { arn: values.streamArn, actions }, values);
    this.alarms.iteratorAge(this.loader.alias, values.iteratorAgeHours);
  }
}
