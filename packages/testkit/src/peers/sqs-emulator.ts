// SPDX-License-Identifier: MIT
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SQSClient,
  type SQSClientConfig,
} from "@aws-sdk/client-sqs";
import { SNSClient } from "@aws-sdk/client-sns";
import { LedgerLoaderError } from "@ledger-loader/errors";
import { createTopic, type TestTopic, type TestTopicOptions } from "../event-source/sns-topic";

/** An SQS and SNS endpoint on this machine that speaks the real protocol, in memory and in a process of its own. */
export interface SqsEmulator {
  /** `http://127.0.0.1:PORT`; queue URLs begin with it. */
  readonly endpoint: string;
  /** The configuration with which a client reaches the emulator: endpoint, region and made-up credentials. */
  readonly clientConfig: SQSClientConfig & { readonly endpoint: string; readonly region: string };
  /** A client that is connected to the emulator; it is destroyed by {@link SqsEmulator.close}. */
  readonly client: SQSClient;
  /** A client of the emulator's SNS; it is destroyed by {@link SqsEmulator.close}. */
  readonly snsClient: SNSClient;
  /** Creates a queue and, if `maxReceiveCount` is given, its dead-letter queue. */
  createQueue(options: TestQueueOptions): Promise<TestQueue>;
  /** Creates an SNS topic, which delivers to queues of this emulator; to functions by an `SnsEventSource` only. */
  createTopic(options: TestTopicOptions): Promise<TestTopic>;
  /** Ends the emulator's process; its messages are gone. */
  close(): Promise<void>;
}

/** The settings of a queue that the loader's guarantees depend on. */
export interface TestQueueOptions {
  /** Without the `.fifo` that FIFO queues must end with; it is added. */
  readonly name: string;
  readonly fifo: boolean;
  /** Default: `us-east-1`. */
  readonly region?: string;
  /** Default: 30, as in SQS. */
  readonly visibilityTimeoutSeconds?: number;
  /** How often a message is received before it goes to the dead-letter queue. Default: no dead-letter queue. */
  readonly maxReceiveCount?: number | undefined;
}

/** Where a queue is, and where its dead letters go. */
export interface TestQueue {
  readonly url: string;
  readonly arn: string;
  readonly deadLetterUrl?: string;
}

/** The SQS emulator's process ended before it listened. */
export class SqsEmulatorError extends LedgerLoaderError {
  readonly code = "SQS_EMULATOR_FAILED";
}

const REGION = "us-east-1";

/**
 * Starts an SQS emulator (fauxqs) on a free port of the loopback interface.
 *
 * FIFO queues hand out several messages of one group per call, in order, and keep the group locked until all of them
 * are deleted or visible again, and bodies may hold all of Unicode: as in SQS, but only with the patch in `patches/` of
 * this repository. With fauxqs as it is published, a call returns one message of a group at most.
 */
export async function startSqs(): Promise<SqsEmulator> {
  const emulator = fork(path.join(__dirname, "../..", "emulator", "sqs-emulator.mjs"), { execArgv: [] });
  const endpoint = `http://127.0.0.1:${await portOf(emulator)}`;
  // A program that fails before it closes the emulator must still end, and the emulator ends with it.
  emulator.unref();
  emulator.channel?.unref();
  const clientConfig = {
    endpoint,
    region: REGION,
    credentials: { accessKeyId: "emulator", secretAccessKey: "emulator" },
  };
  const client = new SQSClient(clientConfig);
  const snsClient = new SNSClient(clientConfig);
  return {
    endpoint,
    clientConfig,
    client,
    snsClient,
    createQueue: async (options) => {
      if (options.region === undefined) return createQueue(client, options);
      const regional = new SQSClient({ ...clientConfig, region: options.region });
      const queue = await createQueue(regional, options);
      regional.destroy();
      return queue;
    },
    createTopic: (options) => createTopic(snsClient, options),
    close: async () => {
      client.destroy();
      snsClient.destroy();
      const exited = once(emulator, "exit");
      emulator.ref();
      emulator.disconnect();
      await exited;
    },
  };
}

async function portOf(emulator: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    emulator.once("message", (message: { readonly port: number }) => {
      resolve(message.port);
    });
    emulator.once("error", reject);
    emulator.once("exit", (code) => {
      reject(
        new SqsEmulatorError(
          `Expected the SQS emulator to listen, but its process ended with code ${String(code)}: see its output above.`,
        ),
      );
    });
  });
}

async function createQueue(client: SQSClient, options: TestQueueOptions): Promise<TestQueue> {
  const deadLetters =
    options.maxReceiveCount === undefined
      ? undefined
      : await createPlainQueue(client, `${options.name}-dead-letters`, options.fifo, {});
  const queue = await createPlainQueue(client, options.name, options.fifo, {
    VisibilityTimeout: String(options.visibilityTimeoutSeconds ?? 30),
    ...(deadLetters && {
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: deadLetters.arn,
        maxReceiveCount: options.maxReceiveCount,
      }),
    }),
  });
  return deadLetters === undefined ? queue : { ...queue, deadLetterUrl: deadLetters.url };
}

async function createPlainQueue(
  client: SQSClient,
  name: string,
  fifo: boolean,
  attributes: Record<string, string>,
): Promise<TestQueue> {
  const { QueueUrl: url } = await client.send(
    new CreateQueueCommand({
      QueueName: fifo ? `${name}.fifo` : name,
      Attributes: { ...attributes, ...(fifo && { FifoQueue: "true" }) },
    }),
  );
  const { Attributes: found } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["QueueArn"] }),
  );
  if (url === undefined || found?.QueueArn === undefined) {
    throw new SqsEmulatorError(`Expected the URL and the ARN of the new queue ${name}, found none.`);
  }
  return { url, arn: found.QueueArn };
}
