// SPDX-License-Identifier: MIT
import type { Consumer, Loader, Logger, Metrics } from "@ledger-loader/core";
import { createDynamoDbConsumer } from "@ledger-loader/dynamodb";
import { createKinesisConsumer, decodeQldbStreamRecord } from "@ledger-loader/kinesis";
import {
  createKafkaClient,
  createKafkaConsumer,
  parseKafkaConnection,
  parseTombstones,
} from "@ledger-loader/msk";
import { createSqsConsumer } from "@ledger-loader/sqs";
import { withCheckpoints } from "./checkpoint-place";
import type { ConsumeOptions } from "../options/consume-options";
import { itemMapping } from "../options/item-options";
import { withQueueClient } from "./queue-client";
import type { SourceKind } from "../options/source-name";
import { withStreamClient } from "./stream-client";
import { withTableStream } from "./table-client";
import type { Terminal } from "../output/terminal";

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
  dynamodb: { channelOf: () => "dynamodb", withConsumer: withTableConsumer },
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
  const tombstones = parseTombstones(env);
  return work(createKafkaConsumer({ client, topic, groupId, loader, tombstones, logger }));
}

function withStreamConsumer(
  streamName: string,
  { env, options, loader, logger }: ConsumerSetup,
  work: (consumer: Consumer) => Promise<void>,
): Promise<void> {
  const { qldbStream, from } = options;
  return withCheckpoints(env, { kind: "kinesis", name: streamName }, options, (checkpoints) =>
    withStreamClient(env, streamName, options.region, (client) =>
      work(
        createKinesisConsumer({
          client,
          streamName,
          loader,
          checkpoints,
          ...(qldbStream === true ? { decode: decodeQldbStreamRecord } : {}),
          ...(from === undefined ? {} : { startAt: from }),
          ...leaseFrom(options),
          logger,
        }),
      ),
    ),
  );
}

function withTableConsumer(
  streamArn: string,
  { env, options, loader, logger }: ConsumerSetup,
  work: (consumer: Consumer) => Promise<void>,
): Promise<void> {
  return withCheckpoints(env, { kind: "dynamodb", name: streamArn }, options, (checkpoints) =>
    withTableStream(env, streamArn, options.region, (client) =>
      work(
        createDynamoDbConsumer({
          client,
          streamArn,
          loader,
          checkpoints,
          ...itemMapping(env, options, streamArn, logger),
          ...leaseFrom(options),
        }),
      ),
    ),
  );
}

function leaseFrom({ lease }: ConsumeOptions): { readonly leaseMs?: number } {
  return lease === undefined ? {} : { leaseMs: lease * 1_000 };
}
