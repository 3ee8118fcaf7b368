// SPDX-License-Identifier: MIT
import { Table } from "aws-cdk-lib/aws-dynamodb";
import { Stream } from "aws-cdk-lib/aws-kinesis";
import type { Construct } from "constructs";
import { DynamoDbLoader, type DynamoDbLoaderProps } from "../constructs/channels/dynamodb-loader";
import { LoaderStack, type LoaderStackProps } from "../constructs/loader-stack";
import { TABLE_PARAMETERS, type DynamoDbValues } from "../parameters/dynamodb-parameters";
import { SHARD_PARAMETERS } from "../parameters/stream-parameters";
import { loaderPropsOf, settingsOf } from "./loader-props-of";

/** The stack of a {@link DynamoDbLoader}. */
export class DynamoDbStreamLoaderStack extends LoaderStack {
  readonly loader: DynamoDbLoader;

  constructor(scope: Construct, id: string, props: LoaderStackProps<DynamoDbValues>) {
    super(scope, id, props);
    const { values } = props;
    this.loader = new DynamoDbLoader(this, "Default", {
      ...loaderPropsOf(this, values, props.ledger),
      ...settingsOf({ ...SHARD_PARAMETERS, ...TABLE_PARAMETERS }, values),
      ...sourceOf(this, values),
    });
    this.outputDeadLetters(this.loader);
    this.outputUndelivered(this.loader);
  }
}

/** The ARN of a table's stream begins with that of its table. */
function sourceOf(
  scope: Construct,
  { streamArn }: DynamoDbValues,
): Pick<DynamoDbLoaderProps, "table" | "stream"> {
  if (streamArn.split(":")[2] === "kinesis")
    return { stream: Stream.fromStreamArn(scope, "Stream", streamArn) };
  const [tableArn = ""] = streamArn.split("/stream/");
  return { table: Table.fromTableAttributes(scope, "Table", { tableArn, tableStreamArn: streamArn }) };
}
