// SPDX-License-Identifier: MIT
import { Stream } from "aws-cdk-lib/aws-kinesis";
import type { Construct } from "constructs";
import { DmsLoader } from "../constructs/channels/dms-loader";
import { LoaderStack, type LoaderStackProps } from "../constructs/loader-stack";
import { DMS_SETTINGS_PARAMETERS, type DmsValues } from "../parameters/dms-parameters";
import { STREAM_SETTINGS } from "../parameters/stream-parameters";
import { loaderPropsOf, settingsOf } from "./loader-props-of";

/** The stack of a {@link DmsLoader}. */
export class DmsLoaderStack extends LoaderStack {
  readonly loader: DmsLoader;

  constructor(scope: Construct, id: string, props: LoaderStackProps<DmsValues>) {
    super(scope, id, props);
    const { values } = props;
    const { streamArn, engine, loadEventMapper } = values;
    this.loader = new DmsLoader(this, "Default", {
      ...loaderPropsOf(this, values, props.ledger),
      ...settingsOf({ ...STREAM_SETTINGS, ...DMS_SETTINGS_PARAMETERS }, values),
      ...(typeof loadEventMapper === "string" ? { loadEventMapper: undefined } : { loadEventMapper }),
      engine,
      ...(streamArn === undefined ? {} : { stream: Stream.fromStreamArn(this, "Stream", streamArn) }),
    });
    const { stream, endpoint, taskSettings } = this.loader;
    this.outputDeadLetters(this.loader);
    this.outputUndelivered(this.loader);
    this.output("TargetEndpointArn", endpoint.ref, "The target endpoint of a replication task.");
    this.output("StreamName", stream.streamName, "The stream that DMS writes to.");
    this.output("StreamArn", stream.streamArn, "The same, as an ARN.");
    this.output("TaskSettings", taskSettings, "What the replication task's settings must hold.");
  }
}
