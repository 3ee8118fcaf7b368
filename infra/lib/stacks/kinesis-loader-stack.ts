// SPDX-License-Identifier: MIT
import { Stream } from "aws-cdk-lib/aws-kinesis";
import type { Construct } from "constructs";
import { KinesisLoader, QldbStreamLoader } from "../constructs/channels/kinesis-loader";
import { LoaderStack, type LoaderStackProps } from "../constructs/loader-stack";
import type { KinesisValues } from "../parameters/kinesis-parameters";
import { STREAM_SETTINGS } from "../parameters/stream-parameters";
import { loaderPropsOf, settingsOf } from "./loader-props-of";

/** The stack of a {@link KinesisLoader} or a {@link QldbStreamLoader}. */
export class KinesisLoaderStack extends LoaderStack {
  readonly loader: KinesisLoader | QldbStreamLoader;

  constructor(scope: Construct, id: string, props: LoaderStackProps<KinesisValues>) {
    super(scope, id, props);
    const { values } = props;
    const { records, streamArn } = values;
    const LoaderOfRecords = records === "events" ? KinesisLoader : QldbStreamLoader;
    this.loader = new LoaderOfRecords(this, "Default", {
      ...loaderPropsOf(this, values, props.ledger),
      ...settingsOf(STREAM_SETTINGS, values),
      ...(streamArn === undefined ? {} : { stream: Stream.fromStreamArn(this, "Stream", streamArn) }),
    });
    const { stream } = this.loader;
    this.outputDeadLetters(this.loader);
    this.outputUndelivered(this.loader);
    this.output("StreamName", stream.streamName, "Where records are put; partition key: the record.");
    this.output("StreamArn", stream.streamArn, "The same, as an ARN.");
  }
}
