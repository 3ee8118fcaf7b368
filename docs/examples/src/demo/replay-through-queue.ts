// SPDX-License-Identifier: MIT
import { SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import {
  BOOKKEEPING_NEED,
  BaseRevisionWriter,
  DEFAULT_ID_FIELD,
  DriverLedger,
  type Publisher,
  type RejectReason,
  createLoader,
  ensureTables,
  parseIdentifier,
  recordKey,
} from "@ledger-loader/core";
import type { JournalExport } from "@ledger-loader/export";
import { createPublisherTarget, replayExport, type ReplayReport } from "@ledger-loader/move";
import { createSqsHandler, createSqsPublisher } from "@ledger-loader/sqs";
import {
  disturb,
  malformedBodies,
  receiveAll,
  SqsEventSource,
  type MalformedBody,
  type SqsEmulator,
} from "@ledger-loader/testkit";
import { OutcomeTally } from "./outcome-tally";

/** What is replayed, and with which obstacles. */
export interface QueueReplay {
  readonly journal: JournalExport;
  readonly endpoint: string;
  readonly ledgerName: string;
  /** Names the run; the queue swallows an event only if it was sent before under the same run id. */
  readonly runId: string;
  /** Sends one event in ten twice, shuffles records among each other, and mixes in messages that are no events. */
  readonly disturbed: boolean;
}

/** What became of the messages. */
export interface QueueReplayReport {
  readonly replay: ReplayReport;
  /** Events sent, repetitions included. */
  readonly sent: number;
  readonly malformedSent: number;
  readonly outcomes: OutcomeTally;
  readonly invocations: number;
  readonly deadLetters: readonly DeadLetter[];
}

/** A message in the dead-letter queue. */
export interface DeadLetter {
  /** What is wrong with it; `undefined` for a message that was not meant to fail. */
  readonly name: string | undefined;
  readonly reason: RejectReason | undefined;
}

const TABLE = { table: parseIdentifier("Product"), indexedFields: [parseIdentifier(DEFAULT_ID_FIELD)] };
const SEED = 20_210_817;
const SETTINGS = { duplicateRate: 0.1, windowSize: 200 };
/** Enough to see that bad messages come back; AWS recommends at least 5 in production. */
const MAX_RECEIVE_COUNT = 3;
/** The longest that SQS allows: on a busy machine a message under way is never taken for a lost one. */
const VISIBILITY_TIMEOUT_SECONDS = 43_200;

/** Replays an export through an SQS FIFO queue and the Lambda handler into a ledger, until the queue is empty. */
export async function replayThroughQueue(sqs: SqsEmulator, run: QueueReplay): Promise<QueueReplayReport> {
  const queue = await sqs.createQueue({
    name: run.runId,
    fifo: true,
    maxReceiveCount: MAX_RECEIVE_COUNT,
    visibilityTimeoutSeconds: VISIBILITY_TIMEOUT_SECONDS,
  });
  const outcomes = new OutcomeTally();
  const ledger = new DriverLedger({ ledgerName: run.ledgerName, endpoint: run.endpoint });
  // The handler does not create tables, or a message with a misspelt table would be loaded.
  await ensureTables(ledger, [TABLE, BOOKKEEPING_NEED]);
  const loader = createLoader({
    ledger,
    writer: new BaseRevisionWriter(),
  });
  const eventSource = new SqsEventSource({
    client: sqs.client,
    queue,
    handler: createSqsHandler(outcomes.watch(loader)),
    failedComeBack: "at-once",
  });
  const publisher = new CountingPublisher(
    createSqsPublisher({ client: sqs.client, queueUrl: queue.url, runId: run.runId }),
    run.disturbed,
  );
  const malformed = run.disturbed ? malformedBodies(TABLE.table) : [];
  eventSource.start();
  try {
    const [replay, names] = await Promise.all([
      replayExport(run.journal, createPublisherTarget(publisher), { targetName: `sqs:${queue.url}` }),
      sendMalformed(sqs.client, queue.url, malformed),
    ]);
    await eventSource.drain();
    const letters = await receiveAll(sqs.client, queue.deadLetterUrl ?? "");
    return {
      replay,
      sent: publisher.sent,
      malformedSent: malformed.length,
      outcomes,
      invocations: eventSource.counts.invocations,
      deadLetters: letters.map(({ MessageId = "" }) => ({
        name: names.get(MessageId),
        reason: outcomes.reasons.get(MessageId),
      })),
    };
  } finally {
    await eventSource.stop();
    await loader.close();
  }
}

/** Counts what it sends and, if asked to, sends it as a bad sender would. */
class CountingPublisher implements Publisher {
  sent = 0;
  readonly #publisher: Publisher;
  readonly #disturbed: boolean;

  constructor(publisher: Publisher, disturbed: boolean) {
    this.#publisher = publisher;
    this.#disturbed = disturbed;
  }

  async publish(events: Parameters<Publisher["publish"]>[0]): ReturnType<Publisher["publish"]> {
    // A FIFO queue keeps the order of one record whatever the sender does; among records there is none.
    const laneOf = (event: Parameters<typeof recordKey>[0]): string => recordKey(event) ?? "";
    const stream = this.#disturbed ? disturb(events, { seed: SEED, ...SETTINGS, laneOf }) : events;
    const report = await this.#publisher.publish(stream);
    this.sent += report.published;
    return report;
  }
}

/** Sends each bad message in a group of its own and returns what each message is called. */
async function sendMalformed(
  client: SQSClient,
  queueUrl: string,
  bodies: readonly MalformedBody[],
): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  for (const { name, body } of bodies) {
    const id = name.replace(/\W/g, "-");
    const { Successful } = await client.send(
      new SendMessageBatchCommand({
        QueueUrl: queueUrl,
        Entries: [{ Id: "0", MessageBody: body, MessageGroupId: id, MessageDeduplicationId: id }],
      }),
    );
    names.set(Successful?.[0]?.MessageId ?? "", name);
  }
  return names;
}
