// SPDX-License-Identifier: MIT
import type { SQSClient } from "@aws-sdk/client-sqs";
import type { BodyReader, Consumer, DeliveryContent } from "@ledger-loader/core";
import { awsClientConfig, withAwsClient } from "./aws-client";
import type { Channel, SourceAccess, TargetAccess } from "./channel";
import { QueueRefusedError } from "../cli-errors";
import type { Terminal } from "../output/terminal";
import { ForeignMessages } from "./foreign-messages";
import { Reachability } from "./reachability";

const FORM = { form: "QUEUE-URL", accepts: (name: string) => URL.canParse(name) };

const target: TargetAccess = {
  ...FORM,
  does: "to a queue",
  consumed: "the queue is empty",
  withPublisher: (queueUrl, { env, region, runId }, work) =>
    withQueueClient(env, queueUrl, region, async (client) => {
      const { createSqsPublisher } = await import("@ledger-loader/sqs");
      return work(createSqsPublisher({ client, queueUrl, runId }));
    }),
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
      const { createSqsConsumer } = await import("@ledger-loader/sqs");
      reachability.watch(client);
      const consumer = createSqsConsumer({ client, queueUrl, loader, waitSeconds, logger, metrics });
      if (options.untilIdle === undefined) return work(consumer, reachability);
      // A client of its own: that this look is answered says nothing of what the queue holds.
      return withQueueClient(env, queueUrl, region, (own) =>
        work(waitingFor(new ForeignMessages({ client: own, queueUrl, logger }), consumer), reachability),
      );
    });
  },
};

/** A consumer that is not done while another worker holds messages. */
function waitingFor(foreign: ForeignMessages, consumer: Consumer): Consumer {
  return {
    run: async (signal) => {
      await foreign.look(signal);
      await consumer.run(signal);
    },
    isCatchingUp: () => foreign.mayReturn(),
  };
}

function decodeLetter(body: string | Uint8Array, read?: BodyReader): DeliveryContent {
  // oxlint-disable-next-line typescript/no-require-imports -- loaded by the first letter, which does not wait for it
  const { decodeSqsLetter } = require("./sqs-letter") as typeof import("./sqs-letter");
  return decodeSqsLetter(body, read);
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
  const sdk = await import("@aws-sdk/client-sqs");
  const client = new sdk.SQSClient(awsClientConfig(env, "SQS", region, regionOf(queueUrl)));
  const what = `use the queue ${queueUrl}`;
  return withAwsClient(client, QueueRefusedError, { what, check: "its URL, AWS_ENDPOINT_URL" }, work);
}

function regionOf(queueUrl: string): string | undefined {
  return /^sqs\.([a-z0-9-]+)\./.exec(new URL(queueUrl).hostname)?.[1];
}
