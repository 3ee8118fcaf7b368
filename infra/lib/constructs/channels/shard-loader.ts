// SPDX-License-Identifier: MIT
import type { Metric, MetricOptions } from "aws-cdk-lib/aws-cloudwatch";
import type { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Bucket, IBucket } from "aws-cdk-lib/aws-s3";
import type { Construct } from "constructs";
import type { CommonValues } from "../../parameters/function-parameters";
import type { ParameterValues } from "../../parameters/parameter";
import type { SHARD_PARAMETERS } from "../../parameters/stream-parameters";
import { Loader } from "../loader";
import type { FunctionSpec } from "../loader-function";
import type { LoaderProps } from "../loader-props";
import { connectShards } from "../stream-source";
import { createUndeliveredBucket } from "../undelivered-bucket";

/** The base of loaders whose source is cut into shards. */
export abstract class ShardLoader extends Loader {
  /** The records that Lambda gave up, in objects that are invocations. */
  readonly undeliveredBucket: IBucket;
  readonly #undelivered: Bucket;

  protected constructor(
    scope: Construct,
    id: string,
    props: LoaderProps,
    spec: FunctionSpec & { readonly values: CommonValues },
  ) {
    super(scope, id, props, spec);
    this.#undelivered = createUndeliveredBucket(this, "Undelivered", this.keeping);
    this.undeliveredBucket = this.#undelivered;
  }

  /** How long the record waited that was read last, in milliseconds. */
  metricIteratorAge(options?: MetricOptions): Metric {
    return this.metric("IteratorAge", { statistic: "Maximum", ...options });
  }

  /** Lets Lambda read the shards of a stream, and watches how far behind it is. */
  protected read(
    source: { readonly arn: string; readonly statements: readonly PolicyStatement[] },
    values: ParameterValues<typeof SHARD_PARAMETERS>,
  ): void {
    const mapping = connectShards(this.loader, { ...source, undelivered: this.#undelivered }, values);
    this.alarms.givenUp(mapping);
    this.alarms.iteratorAge(this.function, values.iteratorAgeHours);
  }
}
