// SPDX-License-Identifier: MIT
import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import { SQSClient, SQSServiceException } from "@aws-sdk/client-sqs";
import {
  createLoader,
  encodeEvent,
  TableMapperRevisionWriter,
  type IdFieldMap,
  type TransactionLimits,
} from "@ledger-loader/core";
import {
  createLedgerTarget,
  createPublisherTarget,
  parseIdFields,
  type Consignment,
  type RejectedEvent,
  type ReplayTarget,
} from "@ledger-loader/move";
import { createSqsPublisher } from "@ledger-loader/sqs";
import { QueueRefusedError } from "./cli-errors";
import type { CommandContext } from "./command-spec";
import { connectionFrom, hasAwsCredentials, setting } from "./connection";
import { isConnectionFailure } from "./control-plane";
import { readNamedFile } from "./files";
import type { IdFieldOptions, LoadingOptions } from "./loading-options";
import { withLedger } from "./open-ledger";
import type { Terminal } from "./terminal";

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
  const { to } = options;
  if (to.kind === "sqs") return withQueue(context.terminal.env, to.queueUrl, options, work);
  const writer = new TableMapperRevisionWriter(await readIdFields(options));
  const connection = connectionFrom(options, context.terminal.env);
  return withLedger(connection, to.ledger, options.sessions, (ledger) => {
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
  const isEmulator = setting(env, "AWS_ENDPOINT_URL_SQS") ?? setting(env, "AWS_ENDPOINT_URL");
  const client = new SQSClient({
    region: options.region ?? setting(env, "AWS_REGION") ?? regionOf(queueUrl) ?? "us-east-1",
    // An emulator checks no signature, but the SDK insists on signing.
    ...(isEmulator !== undefined && !hasAwsCredentials(env)
      ? { credentials: { accessKeyId: "local", secretAccessKey: "local" } }
      : {}),
    ...(isEmulator === undefined ? {} : { endpoint: isEmulator }),
  });
  try {
    const publisher = createSqsPublisher({ client, queueUrl, runId: options.runId ?? randomUUID() });
    return await work(createPublisherTarget(publisher));
  } catch (error) {
    throw explainQueue(error, queueUrl);
  } finally {
    client.destroy();
  }
}

/** What the SDK throws is not an error of this project; what it says is for the user, not for its developers. */
function explainQueue(error: unknown, queueUrl: string): unknown {
  const isSdkError = error instanceof SQSServiceException || isConnectionFailure(error);
  const { name, message } = error as Error;
  if (!isSdkError && name !== "CredentialsProviderError") return error;
  return new QueueRefusedError(
    `expected to be able to send to the queue ${queueUrl}, found ${name}: ${message}. Check its URL, AWS_ENDPOINT_URL and ` +
      "the AWS credentials",
    { cause: error },
  );
}

function regionOf(queueUrl: string): string | undefined {
  return /^sqs\.([a-z0-9-]+)\./.exec(new URL(queueUrl).hostname)?.[1];
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
