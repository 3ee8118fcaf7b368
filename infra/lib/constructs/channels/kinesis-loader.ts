// SPDX-License-Identifier: MIT
import type { Grant, IGrantable } from "aws-cdk-lib/aws-iam";
import type { IStream } from "aws-cdk-lib/aws-kinesis";
import type { Construct } from "constructs";
import { STREAM_SETTINGS } from "../../parameters/stream-parameters";
import type { StreamProps } from "./channel-props";
import type { LoaderProps } from "../loader-props";
import { settle } from "../settle";
import { ShardLoader } from "./shard-loader";
import { createStream, streamStatements } from "../stream-source";

/** The properties of a {@link KinesisLoader}. */
export interface KinesisLoaderProps extends LoaderProps, StreamProps {
  /** A stream that exists already. Its retention and encryption are then yours to set. @defaultValue one is created */
  readonly stream?: IStream;
}

abstract class StreamLoader extends ShardLoader {
  /** Where records are put. The partition key is the record. */
  readonly stream: IStream;

  protected constructor(
    scope: Construct,
    id: string,
    props: KinesisLoaderProps,
    entry: "kinesis" | "qldb-stream",
  ) {
    const values = settle({
      scope,
      id,
      channel: "kinesis",
      parameters: STREAM_SETTINGS,
      props,
      resources: { streamArn: props.stream?.streamArn },
    });
    super(scope, id, props, { entry, values });
    this.stream = props.stream ?? createStream(this, values, this.keeping);
    this.read({ arn: this.stream.streamArn, statements: streamStatements(this.stream) }, values);
  }

  /** Lets somebody put records. */
  grantSend(grantee: IGrantable): Grant {
    return this.stream.grantWrite(grantee);
  }
}

/** Loads the events of a Kinesis data stream, which it creates unless it is given one. */
export class KinesisLoader extends StreamLoader {
  constructor(scope: Construct, id: string, props: KinesisLoaderProps) {
    super(scope, id, props, "kinesis");
  }
}

/** The properties of a {@link QldbStreamLoader}. */
export type QldbStreamLoaderProps = KinesisLoaderProps;

/** Loads the journal stream of a ledger from the Kinesis data stream that it is written to. */
export class QldbStreamLoader extends StreamLoader {
  constructor(scope: Construct, id: string, props: QldbStreamLoaderProps) {
    super(scope, id, props, "qldb-stream");
  }
}
