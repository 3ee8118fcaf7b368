// SPDX-License-Identifier: MIT
import { SNSClient } from "@aws-sdk/client-sns";
import { createSnsPublisher } from "@ledger-loader/sns";
import { createPublisherTarget, type ReplayTarget } from "@ledger-loader/move";
import { awsClientConfig, awsComplaint } from "./aws-client";
import { QueueRefusedError } from "../cli-errors";
import type { Terminal } from "../output/terminal";

/** Runs `work` with a target that publishes to an SNS topic, of AWS or of an emulator, and ends its client. */
export async function withSnsTopic<T>(
  env: Terminal["env"],
  topicArn: string,
  runId: string,
  work: (target: ReplayTarget) => Promise<T>,
): Promise<T> {
  // A topic is published to in its own region only.
  const client = new SNSClient(awsClientConfig(env, "SNS", topicArn.split(":")[3]));
  try {
    return await work(createPublisherTarget(createSnsPublisher({ client, topicArn, runId })));
  } catch (error) {
    throw explain(error, topicArn);
  } finally {
    client.destroy();
  }
}

function explain(error: unknown, topicArn: string): unknown {
  const complaint = awsComplaint(error);
  if (complaint === undefined) return error;
  return new QueueRefusedError(
    `expected to be able to publish to the topic ${topicArn}, found ${complaint} Check its ARN, AWS_ENDPOINT_URL ` +
      "and the AWS credentials",
    { cause: error },
  );
}
