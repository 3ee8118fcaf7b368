// SPDX-License-Identifier: MIT
import { KAFKA_SETTINGS } from "@ledger-loader/msk";
import { Duration, Stack } from "aws-cdk-lib";
import type { Metric, MetricOptions } from "aws-cdk-lib/aws-cloudwatch";
import { Grant, type IGrantable } from "aws-cdk-lib/aws-iam";
import { SourceAccessConfigurationType, type EventSourceMappingOptions } from "aws-cdk-lib/aws-lambda";
import type { ISecret } from "aws-cdk-lib/aws-secretsmanager";
import type { Construct } from "constructs";
import { KAFKA_TOPIC_PARAMETERS } from "../../parameters/msk-parameters";
import type { ParameterValues } from "../../parameters/parameter";
import { checkShared } from "../../rules/app-rules";
import { acknowledge } from "../acknowledgements";
import type { FilterProps, MappingProps, PositionProps } from "./channel-props";
import { secretArn } from "../function-statements";
import { Loader } from "../loader";
import type { LoaderProps } from "../loader-props";
import { mappingOptions, positionOptions } from "../mapping-options";
import { mskStatements, topicArn } from "./msk-statements";
import { settle } from "../settle";

/** The properties of an {@link MskLoader}. */
export interface MskLoaderProps extends LoaderProps, MappingProps, FilterProps, PositionProps {
  /** The ARN of the cluster that the topic is in. */
  readonly clusterArn: string;
  /** The topic with the events; key: the record. */
  readonly topic: string;
  /** The consumer group whose offsets Lambda commits: one for each loader. @defaultValue `ledger-loader` */
  readonly consumerGroup?: string;
  /** The secret with user and password for SASL/SCRAM, with the key that it is encrypted with. @defaultValue IAM */
  readonly scramSecret?: ISecret;
  /** How many records one invocation gets at most. @defaultValue 100 */
  readonly batchSize?: number;
  /** How many seconds Lambda waits for a batch to fill. @defaultValue 1 */
  readonly batchingWindowSeconds?: number;
  /** How many event pollers Lambda may provision; 0 leaves it to Lambda. @defaultValue 0 */
  readonly pollersMax?: number;
  /** How many event pollers are kept provisioned. @defaultValue one, where `pollersMax` is above 0 */
  readonly pollersMin?: number;
  /** Makes the function name the failed records; with `pollersMax` only. @defaultValue `false` */
  readonly reportBatchItemFailures?: boolean;
  /** The treatment of records without a value. @defaultValue see docs/reference/kafka-settings.md */
  readonly tombstones?: Values["tombstones"];
  /** How many records behind the topic's end the function may be before the alarm. @defaultValue 100000 */
  readonly offsetLagMax?: number;
}

type Values = ParameterValues<typeof KAFKA_TOPIC_PARAMETERS>;

/** Loads the events of a topic of an Amazon MSK cluster. */
export class MskLoader extends Loader {
  readonly clusterArn: string;
  readonly topic: string;
  readonly consumerGroup: string;

  constructor(scope: Construct, id: string, props: MskLoaderProps) {
    const { clusterArn, scramSecret } = props;
    const values = settle({
      scope,
      id,
      channel: "msk",
      parameters: KAFKA_TOPIC_PARAMETERS,
      props,
      resources: { clusterArn },
    });
    const environment = {
      MSK_REPORT_BATCH_ITEM_FAILURES: String(values.reportBatchItemFailures),
      [KAFKA_SETTINGS.tombstones.name]: values.tombstones,
    };
    super(scope, id, props, { entry: "msk", values, environment });
    this.clusterArn = clusterArn;
    this.topic = values.topic;
    this.consumerGroup = values.consumerGroup;
    acknowledge(this.loader.role, "AwsSolutions::AwsSolutions-IAM5[Resource::*]");
    const { topic, consumerGroup } = values;
    this.loader.connect(
      "Source",
      sourceOptions(props, values),
      mskStatements({ clusterArn, topic, consumerGroup, scramSecret }),
    );
    this.alarms.offsetLag(this.function, values.offsetLagMax);
    this.node.addValidation({ validate: () => this.#sharedGroups() });
  }

  /** Lets somebody send records, who authenticates with IAM. */
  grantSend(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ["kafka-cluster:Connect", "kafka-cluster:DescribeTopic", "kafka-cluster:WriteData"],
      resourceArns: [this.clusterArn, topicArn(this)],
    });
  }

  /** How many records the function is behind the topic's end. */
  metricOffsetLag(options?: MetricOptions): Metric {
    return this.metric("OffsetLag", { statistic: "Maximum", ...options });
  }

  /** The other loaders of the app that were there before and have the same consumer group. */
  #sharedGroups(): string[] {
    const loaders = this.node.root.node.findAll().filter((each) => each instanceof MskLoader);
    const subjects = loaders.map(({ node, consumerGroup, stack: { account, region } }) => ({
      name: node.path,
      channel: "msk" as const,
      values: { consumerGroup },
      account,
      region,
    }));
    return checkShared(subjects)
      .filter(({ name }) => name === this.node.path)
      .map(({ problem }) => problem);
  }

  get stack(): Stack {
    return Stack.of(this);
  }
}

function sourceOptions(
  { clusterArn, scramSecret }: MskLoaderProps,
  values: Values,
): EventSourceMappingOptions {
  const { reportBatchItemFailures, pollersMax, pollersMin } = values;
  return {
    eventSourceArn: clusterArn,
    ...mappingOptions(values),
    ...positionOptions(values),
    kafkaTopic: values.topic,
    kafkaConsumerGroupId: values.consumerGroup,
    batchSize: values.batchSize,
    maxBatchingWindow: Duration.seconds(values.batchingWindowSeconds),
    // No failure destination: with one, Lambda gives a batch up after ten attempts, in an outage of the ledger too.
    ...(reportBatchItemFailures ? { reportBatchItemFailures } : {}),
    ...(pollersMax === 0
      ? {}
      : { provisionedPollerConfig: { minimumPollers: pollersMin ?? 1, maximumPollers: pollersMax } }),
    ...(scramSecret === undefined
      ? {}
      : {
          sourceAccessConfigurations: [
            { type: SourceAccessConfigurationType.SASL_SCRAM_512_AUTH, uri: secretArn(scramSecret) },
          ],
        }),
  };
}
