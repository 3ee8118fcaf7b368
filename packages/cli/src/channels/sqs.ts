// SPDX-License-Identifier: MIT
import { SQSClient } from "@aws-sdk/client-sqs";
import { type Consumer, decodeMessage, type DeliveryContent } from "@ledger-loader/core";
import { createPublisherTarget } from "@ledger-loader/move";
import { createSqsConsumer, createSqsPublisher, decodeSqsMessage } from "@ledger-loader/sqs";
import { awsClientConfig, withAwsClient } from "./aws-client";
import type { Channel, SourceAccess, TargetAccess } from "./channel";
import { QueueRefusedError } from "../cli-errors";
import type { Terminal } from "../output/terminal";
import { ForeignMessages, type ForeignMessagesOptions } from "./foreign-messages";
import { Reachability } from "./reachability";
import { decodeUndelivered } from "./undelivered-message";

const FORM = { form: "QUEUE-URL", accepts: (name: string) => URL.canParse(name) };

const target: TargetAccess = {
  ...FORM,
  does: "sends them to a queue",
  consumed: "the queue is empty",
  withTarget: (queueUrl, { env, region, runId }, work) =>
    withQueueClient(env, queueUrl, region, (client) =>
      work(createPublisherTarget(createSqsPublisher({ client, queueUrl, runId }))),
    ),
};

/** How long an empty queue is waited at, in seconds: as long as stopping may take. */
const QUEUE_WAIT_SECONDS = 10;

const source: SourceAccess = {
  ...FORM,
  example: "https://sqs.eu-west-1.amazonaws.com/123456789012/events.fifo",
  options: [],
  channelOf: () => "sqs",
  withConsumer(queueUrl, { env, options, loader, logger, metrics }, work) {
    const { region, untilIdle = QUEUE_WAIT_SECONDS } = options;
    const waitSeconds = Math.min(QUEUE_WAIT_SECONDS, untilIdle);
    const reachability = new Reachability();
    return withQueueClient(env, queueUrl, region, async (client) => {
      reachability.watch(client);
      const consumer = createSqsConsumer({ client, queueUrl, loader, waitSeconds, logger, metrics });
      if (options.untilIdle === undefined) return work(consumer, reachability);
      // A client of its own: that this look is answered says nothing of what the queue holds.
      return withQueueClient(env, queueUrl, region, (own) =>
        work(waitingForForeign(consumer, { client: own, queueUrl, logger }), reachability),
      );
    });
  },
};

/** A consumer that is not done while another worker holds messages. */
function waitingForForeign(consumer: Consumer, options: ForeignMessagesOptions): Consumer {
  const foreign = new ForeignMessages(options);
  return {
    run: async (signal) => {
      await foreign.look(signal);
      await consumer.run(signal);
    },
    isCatchingUp: () => foreign.mayReturn(),
  };
}

/** SNS may have wrapped it on its way to the queue, or AWS have put there what it could not hand over. */
function decodeLetter(body: string | Uint8Array): DeliveryContent {
  return typeof body === "string" ? (decodeUndelivered(body) ?? decodeSqsMessage(body)) : decodeMessage(body);
}

/** Queues of SQS, standard and FIFO. */
export const sqs: Channel = { target, source, letters: { sqs: { decode: decodeLetter } } };

/** Runs `work` with a client for a queue, of AWS or of an emulator, and ends the client. */
export async function withQueueClient<T>(
  env: Terminal["env"],
  queueUrl: string,
  region: string | undefined,
  work: (client: SQSClient) => Promise<T>,
): Promise<T> {
  const client = new SQSClient(awsClientConfig(env, "SQS", region, regionOf(queueUrl)));
  const what = `use the queue ${queueUrl}`;
  return withAwsClient(client, QueueRefusedError, { what, check: "its URL, AWS_ENDPOINT_URL" }, work);
}

function regionOf(queueUrl: string): string | undefined {
  return /^sqs\.([a-z0-9-]+)\./.exec(new URL(queueUrl).hostname)?.[1];
}
