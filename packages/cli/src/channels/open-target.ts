// SPDX-License-Identifier: MIT
import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import {
  type IdFieldMap,
  TableMapperRevisionWriter,
  type TransactionLimits,
  createLoader,
  encodeEvent,
} from "@ledger-loader/core";
import {
  createLedgerTarget,
  createPublisherTarget,
  parseIdFields,
  type Consignment,
  type RejectedEvent,
  type ReplayTarget,
} from "@ledger-loader/move";
import { createEventBridgePublisher } from "@ledger-loader/eventbridge";
import { createKinesisPublisher } from "@ledger-loader/kinesis";
import { createSqsPublisher } from "@ledger-loader/sqs";
import { withBusClient } from "./bus-client";
import type { CommandContext } from "../options/command-spec";
import { connectionFrom } from "../ledger/connection";
import { readNamedFile } from "../files";
import { withTopic } from "./kafka-target";
import type { IdFieldOptions, LoadingOptions } from "../options/loading-options";
import { withLedger } from "../ledger/open-ledger";
import { withQueueClient } from "./queue-client";
import { withStreamClient } from "./stream-client";
import type { Terminal } from "../output/terminal";
import { withSnsTopic } from "./topic-target";

/** The id fields that `--id-field` and `--mapping` name. */
export async function readIdFields({ idField, mapping }: IdFieldOptions): Promise<IdFieldMap> {
  const fallback = parseIdFields(JSON.stringify({ "*": idField }), "--id-field");
  if (mapping === undefined) return fallback;
  const content = await readNamedFile(mapping, "a mapping of tables to id fields");
  return { ...fallback, ...parseIdFields(Buffer.from(content).toString(), mapping) };
}

/** Runs `work` with the target that the options name. */
export async function withTarget<T>(
  context: CommandContext,
  options: LoadingOptions,
  work: (target: ReplayTarget) => Promise<T>,
): Promise<T> {
  const { env } = context.terminal;
  const { kind, name } = options.to;
  switch (kind) {
    case "sqs":
      return withQueue(env, name, options, work);
    case "sns":
      return withSnsTopic(env, name, options.runId ?? randomUUID(), work);
    case "kinesis":
      return withStream(env, name, options, work);
    case "kafka":
      return withTopic(env, name, work);
    case "eventbridge":
      return withBus(env, name, options, work);
    case "ledger":
      return withNamedLedger(env, name, options, work);
  }
}

async function withNamedLedger<T>(
  env: Terminal["env"],
  ledgerName: string,
  options: LoadingOptions,
  work: (target: ReplayTarget) => Promise<T>,
): Promise<T> {
  const writer = new TableMapperRevisionWriter(await readIdFields(options));
  const connection = connectionFrom(options, env);
  return withLedger(connection, ledgerName, options.sessions, (ledger) => {
    const loader = createLoader({
      ledger,
      writer,
      sessions: options.sessions,
      createTables: options.createTables,
      startMidHistory: options.startMidHistory === true,
      strictness: options.lenient === true ? "lenient" : "strict",
      limits: limitsFrom(options),
    });
    return work(createLedgerTarget(loader));
  });
}

function limitsFrom(options: LoadingOptions): Partial<TransactionLimits> {
  const { maxDocumentBytes: documentBytesMax, maxTransactionDocuments: documentsMax } = options;
  return {
    ...(documentBytesMax === undefined ? {} : { documentBytesMax }),
    ...(documentsMax === undefined ? {} : { documentsMax }),
  };
}

async function withQueue<T>(
  env: Terminal["env"],
  queueUrl: string,
  options: LoadingOptions,
  work: (target: ReplayTarget) => Promise<T>,
): Promise<T> {
  return withQueueClient(env, queueUrl, options.region, (client) => {
    const publisher = createSqsPublisher({ client, queueUrl, runId: options.runId ?? randomUUID() });
    return work(createPublisherTarget(publisher));
  });
}

async function withStream<T>(
  env: Terminal["env"],
  streamName: string,
  { region, aggregate }: LoadingOptions,
  work: (target: ReplayTarget) => Promise<T>,
): Promise<T> {
  return withStreamClient(env, streamName, region, (client) =>
    work(
      createPublisherTarget(createKinesisPublisher({ client, streamName, aggregate: aggregate === true })),
    ),
  );
}

async function withBus<T>(
  env: Terminal["env"],
  eventBusName: string,
  { region }: LoadingOptions,
  work: (target: ReplayTarget) => Promise<T>,
): Promise<T> {
  return withBusClient(env, eventBusName, region, (client) =>
    work(createPublisherTarget(createEventBridgePublisher({ client, eventBusName }))),
  );
}

/** Where `--rejected` writes events that were not applied. */
export interface RejectedFile {
  readonly add: (rejected: RejectedEvent, consignment: Consignment, index: number) => void;
  close(): Promise<void>;
}

/** Opens the file, which appears with the first rejected event; without a path nothing is written. */
export function openRejectedFile(path: string | undefined): RejectedFile {
  if (path === undefined) return { add: () => undefined, close: () => Promise.resolve() };
  let stream: ReturnType<typeof createWriteStream> | undefined;
  return {
    add(_rejected, { content }, index) {
      const event = content.events[index]?.event;
      // What could not be read as an event cannot be written as one; the report names its place.
      if (event === undefined) return;
      stream ??= createWriteStream(path, { mode: 0o600 });
      stream.write(`${encodeEvent(event)}\n`);
    },
    async close() {
      if (stream === undefined) return;
      stream.end();
      await finished(stream);
    },
  };
}
