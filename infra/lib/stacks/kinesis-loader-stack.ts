// SPDX-License-Identifier: MIT
import type { Construct } from "constructs";
import type { LoaderValues } from "../constructs/loader-function";
import { LoaderStack, type LoaderStackProps } from "../constructs/loader-stack";
import { oneOf, optional, type ParameterValues } from "../parameters/parameter";
import {
  connectShards,
  findOrCreateStream,
  KINESIS_SOURCE_ACTIONS,
  STREAM_PARAMETERS,
} from "../constructs/stream-source";

/** The parameters of a data stream and its event source mapping. */
export const KINESIS_PARAMETERS = {
  ...STREAM_PARAMETERS,
  records: optional<"events" | "qldb-stream">({
    accepts: "events or qldb-stream",
    parse: oneOf("events", "qldb-stream"),
    defaultValue: "events",
    meaning: "Whether records hold events, or are those of a ledger's journal stream.",
    tradeOff: "None: it must be what is in the stream.",
  }),
} as const;

/** The values of a data stream's loader. */
export type KinesisValues = LoaderValues & ParameterValues<typeof KINESIS_PARAMETERS>;

/** Loads the records of a Kinesis data stream: events, or the journal stream of a ledger. */
export class KinesisLoaderStack extends LoaderStack {
  constructor(scope: Construct, id: string, props: LoaderStackProps<KinesisValues>) {
    const { values } = props;
    super(scope, id, props, { entry: values.records === "events" ? "kinesis" : "qldb-stream" });
    const stream = findOrCreateStream(this, values);
    connectShards(this, this.loader, { arn: stream.streamArn, actions: KINESIS_SOURCE_ACTIONS }, values);
    this.alarms.iteratorAge(this.loader.alias, values.iteratorAgeHours);
    this.output("StreamName", stream.streamName, "Where records are put; partition key: the record.");
    this.output("StreamArn", stream.streamArn, "The same, as an ARN.");
  }
}
