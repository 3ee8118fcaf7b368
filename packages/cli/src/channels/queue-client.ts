// SPDX-License-Identifier: MIT
import { SQSClient } from "@aws-sdk/client-sqs";
import { awsClientConfig, awsComplaint } from "./aws-client";
import { QueueRefusedError } from "../cli-errors";
import type { Terminal } from "../output/terminal";

/** Runs `work` with a client for a queue, of AWS or of an emulator, and ends the client. */
export async function withQueueClient<T>(
  env: Terminal["env"],
  queueUrl: string,
  region: string | undefined,
  work: (client: SQSClient) => Promise<T>,
): Promise<T> {
  const client = new SQSClient(awsClientConfig(env, "SQS", region, regionOf(queueUrl)));
  try {
    return await work(client);
  } catch (error) {
    throw explainQueue(error, queueUrl);
  } finally {
    client.destroy();
  }
}

function explainQueue(error: unknown, queueUrl: string): unknown {
  const complaint = awsComplaint(error);
  if (complaint === undefined) return error;
  return new QueueRefusedError(
    `expected to be able to use the queue ${queueUrl}, found ${complaint} Check its URL, AWS_ENDPOINT_URL and ` +
      "the AWS credentials",
    { cause: error },
  );
}

function regionOf(queueUrl: string): string | undefined {
  return /^sqs\.([a-z0-9-]+)\./.exec(new URL(queueUrl).hostname)?.[1];
}
