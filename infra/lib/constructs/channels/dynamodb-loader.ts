// SPDX-License-Identifier: MIT
import { toEnvironment, type SettingValues } from "@ledger-loader/core";
import { DYNAMODB_SETTINGS } from "@ledger-loader/dynamodb";
import type { ITable } from "aws-cdk-lib/aws-dynamodb";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IStream } from "aws-cdk-lib/aws-kinesis";
import type { Construct } from "constructs";
import { DeploymentConfigError } from "../../infra-errors";
import { TABLE_PARAMETERS } from "../../parameters/dynamodb-parameters";
import { pickParameters } from "../../parameters/read-parameter";
import { SHARD_PARAMETERS } from "../../parameters/stream-parameters";
import type { ShardProps } from "./channel-props";
import { keyStatement } from "../keys";
import type { LoaderProps } from "../loader-props";
import { settle } from "../settle";
import { ShardLoader } from "./shard-loader";
import { streamStatements } from "../stream-source";

type TableSettings = SettingValues<typeof DYNAMODB_SETTINGS>;

/** The properties of a {@link DynamoDbLoader}: a table with its own stream, or the data stream that a table feeds. */
export interface DynamoDbLoaderProps extends LoaderProps, ShardProps {
  /** A table whose own stream is read. It must carry new images: NEW_IMAGE or NEW_AND_OLD_IMAGES. */
  readonly table?: ITable;
  /** The Kinesis data stream that a table feeds, in place of the table's own. */
  readonly stream?: IStream;
  /** The ledger's table for each table. @defaultValue tables have the same names */
  readonly tables?: TableSettings["tables"];
  /** The operation of a changed item. @defaultValue see DYNAMODB_MODIFY_AS in docs/reference/configuration-dynamodb.md */
  readonly modifyAs?: TableSettings["modifyAs"];
  /** The form of a set. @defaultValue see DYNAMODB_SETS there */
  readonly sets?: TableSettings["sets"];
  /** The effect of an item's expiry. @defaultValue see DYNAMODB_EXPIRY there */
  readonly expiry?: TableSettings["expiry"];
  /** Counted up when a table is made again. @defaultValue see DYNAMODB_EPOCH there */
  readonly epoch?: TableSettings["epoch"];
  /** The attribute that holds a whole event. @defaultValue items are documents */
  readonly eventAttribute?: TableSettings["eventAttribute"];
}

/** The actions with which Lambda reads a table's stream: AWS managed policy AWSLambdaDynamoDBExecutionRole. */
const DYNAMODB_SOURCE_ACTIONS = [
  "dynamodb:DescribeStream",
  "dynamodb:GetRecords",
  "dynamodb:GetShardIterator",
  "dynamodb:ListStreams",
];

/** Loads the changes of a DynamoDB table, from its own stream or from the data stream that it feeds. */
export class DynamoDbLoader extends ShardLoader {
  /** The ARN of the stream that is read. */
  readonly streamArn: string;

  constructor(scope: Construct, id: string, props: DynamoDbLoaderProps) {
    const source = sourceOf(props);
    const values = settle({
      scope,
      id,
      channel: "dynamodb",
      parameters: { ...SHARD_PARAMETERS, ...TABLE_PARAMETERS },
      props,
      resources: { streamArn: source.arn },
    });
    super(scope, id, props, {
      entry: props.stream === undefined ? "dynamodb" : "dynamodb-kinesis",
      values,
      environment: toEnvironment(DYNAMODB_SETTINGS, pickParameters(TABLE_PARAMETERS, values)),
    });
    this.streamArn = source.arn;
    this.read(source, values);
  }
}

function sourceOf({ table, stream }: DynamoDbLoaderProps): {
  readonly arn: string;
  readonly statements: readonly PolicyStatement[];
} {
  if (stream !== undefined && table === undefined)
    return { arn: stream.streamArn, statements: streamStatements(stream) };
  const arn = table?.tableStreamArn;
  if (table === undefined || stream !== undefined || arn === undefined)
    throw new DeploymentConfigError([
      `table: expected a table with a stream of its own, or the data stream that a table feeds, found ${table === undefined ? "neither" : stream === undefined ? "a table without a stream" : "both"}`,
    ]);
  return {
    arn,
    statements: [
      new PolicyStatement({ actions: DYNAMODB_SOURCE_ACTIONS, resources: [arn] }),
      ...(table.encryptionKey === undefined ? [] : [keyStatement(table.encryptionKey, "read")]),
    ],
  };
}
