// SPDX-License-Identifier: MIT
import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import { encodeEvent } from "@ledger-loader/core";
import {
  createLedgerTarget,
  createPublisherTarget,
  type OnRejected,
  type ReplayTarget,
} from "@ledger-loader/move";
import { createEventBridgePublisher } from "@ledger-loader/eventbridge";
import { createKinesisPublisher } from "@ledger-loader/kinesis";
import { createSqsPublisher } from "@ledger-loader/sqs";
import { withBusClient } from "./bus-client";
import { UsageError } from "../cli-errors";
import type { CommandContext } from "../options/command-spec";
import { withTopic } from "./kafka-target";
import type { LoadingOptions } from "../options/loading-options";
import { givenFlags } from "../options/loader-settings";
import { withLoader } from "../ledger/open-loader";
import { withQueueClient } from "./queue-client";
import { withStreamClient } from "./stream-client";
import type { Terminal } from "../output/terminal";
import type { TargetKind } from "../options/target-option";
import { withSnsTopic } from "./topic-target";

/** Runs `work` with the target that the options name. */
export async function withTarget<T>(
  context: CommandContext,
  options: LoadingOptions,
  work: (target: ReplayTarget) => Promise<T>,
): Promise<T> {
  const { env } = context.terminal;
  const { kind, name } = options.to;
  if (kind !== "ledger") refuseLoaderSettings(kind, options);
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
      return withLoader({ env, options, ledgerName: name }, (loader) => work(createLedgerTarget(loader)));
  }
}

/** What is sent to a channel is judged and masked by whoever consumes it: an option that says how would do nothing. */
function refuseLoaderSettings(kind: TargetKind, options: LoadingOptions): void {
  const [flag] = givenFlags(options);
  if (flag === undefined) return;
  throw new UsageError(
    `expected ${flag} with --to ledger: only, found it with ${kind}: give it to what consumes the channel`,
  );
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
  readonly add: OnRejected;
  close(): Promise<void>;
}

/** Opens the file, which appears with the first rejected event; without a path nothing is written. */
export function openRejectedFile(path: string | undefined): RejectedFile {
  if (path === undefined) return { add: () => undefined, close: () => Promise.resolve() };
  let stream: ReturnType<typeof createWriteStream> | undefined;
  return {
    add(_rejected, event) {
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
