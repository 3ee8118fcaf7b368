// SPDX-License-Identifier: MIT
import {
  FileCheckpointStore,
  type Consumer,
  type Loader,
  type Logger,
  type Metrics,
} from "@ledger-loader/core";
import { createKinesisConsumer, decodeQldbStreamRecord } from "@ledger-loader/kinesis";
import { createKafkaClient, createKafkaConsumer, parseKafkaConnection } from "@ledger-loader/msk";
import { createSqsConsumer } from "@ledger-loader/sqs";
import { UsageError } from "./cli-errors";
import type { ConsumeOptions } from "./consume-options";
import { withQueueClient } from "./queue-client";
import type { SourceKind } from "./source-name";
import { withStreamClient } from "./stream-client";
import type { Terminal } from "./terminal";

/** What a consumer of any channel is made from. */
export interface ConsumerSetup {
  readonly env: Terminal["env"];
  readonly options: ConsumeOptions;
  readonly loader: Loader;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Runs `work` with a consumer of what has this name, then ends what the consumer needed. */
type WithConsumer = (
  name: string,
  setup: ConsumerSetup,
  work: (consumer: Consumer) => Promise<void>,
) => Promise<void>;

interface SourceAccess {
  /** The channel's name in dead letters and metrics. */
  readonly channelOf: (options: ConsumeOptions) => string;
  readonly withConsumer: WithConsumer;
}

/** How each kind of channel is consumed. */
export const SOURCES: Readonly<Record<SourceKind, SourceAccess>> = {
  sqs: { channelOf: () => "sqs", withConsumer: withQueueConsumer },
  kafka: { channelOf: () => "msk", withConsumer: withTopicConsumer },
  kinesis: {
    channelOf: ({ qldbStream }) => (qldbStream === true ? "qldb-stream" : "kinesis"),
    withConsumer: withStreamConsumer,
  },
};

/** How long an empty queue is waited at, in seconds: as long as stopping may take. */
const QUEUE_WAIT_SECONDS = 10;

function withQueueConsumer(
  queueUrl: string,
  setup: ConsumerSetup,
  work: (consumer: Consumer) => Promise<void>,
): Promise<void> {
  const { env, options, loader, logger, metrics } = setup;
  const { region, untilIdle = QUEUE_WAIT_SECONDS } = options;
  const waitSeconds = Math.min(QUEUE_WAIT_SECONDS, untilIdle);
  return withQueueClient(env, queueUrl, region, (client) =>
    work(createSqsConsumer({ client, queueUrl, loader, waitSeconds, logger, metrics })),
  );
}

function withTopicConsumer(
  topic: string,
  { env, options: { group: groupId }, loader, logger }: ConsumerSetup,
  work: (consumer: Consumer) => Promise<void>,
): Promise<void> {
  const client = createKafkaClient({ ...parseKafkaConnection(env), logger });
  return work(createKafkaConsumer({ client, topic, groupId, loader, logger }));
}

function withStreamConsumer(
  streamName: string,
  { env, options, loader, logger }: ConsumerSetup,
  work: (consumer: Consumer) => Promise<void>,
): Promise<void> {
  const { checkpoint, qldbStream, from } = options;
  if (checkpoint === undefined) {
    throw new UsageError(
      "expected --checkpoint FILE for a stream, which keeps no note of how far it was read",
    );
  }
  return withStreamClient(env, streamName, options.region, (client) =>
    work(
      createKinesisConsumer({
        client,
        streamName,
        loader,
        checkpoints: new FileCheckpointStore(checkpoint, streamName),
        ...(qldbStream === true ? { decode: decodeQldbStreamRecord } : {}),
        ...(from === undefined ? {} : { startAt: from }),
        logger,
      }),
    ),
  );
}
