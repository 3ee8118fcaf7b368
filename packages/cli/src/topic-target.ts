// SPDX-License-Identifier: MIT
import { SNSClient, SNSServiceException } from "@aws-sdk/client-sns";
import { createSnsPublisher } from "@ledger-loader/sns";
import { createPublisherTarget, type ReplayTarget } from "@ledger-loader/move";
import { QueueRefusedError } from "./cli-errors";
import { hasAwsCredentials, setting } from "./connection";
import { isConnectionFailure } from "./control-plane";
import type { Terminal } from "./terminal";

/** Runs `work` with a target that publishes to an SNS topic, of AWS or of an emulator, and ends its client. */
export async function withSnsTopic<T>(
  env: Terminal["env"],
  topicArn: string,
  runId: string,
  work: (target: ReplayTarget) => Promise<T>,
): Promise<T> {
  const endpoint = setting(env, "AWS_ENDPOINT_URL_SNS") ?? setting(env, "AWS_ENDPOINT_URL");
  const region = topicArn.split(":")[3];
  const client = new SNSClient({
    // A topic is published to in its own region only.
    ...(region === undefined ? {} : { region }),
    // An emulator checks no signature, but the SDK insists on signing.
    ...(endpoint !== undefined && !hasAwsCredentials(env)
      ? { credentials: { accessKeyId: "local", secretAccessKey: "local" } }
      : {}),
    ...(endpoint === undefined ? {} : { endpoint }),
  });
  try {
    return await work(createPublisherTarget(createSnsPublisher({ client, topicArn, runId })));
  } catch (error) {
    throw explain(error, topicArn);
  } finally {
    client.destroy();
  }
}

/** What the SDK throws is not an error of this project; what it says is for the user, not for its developers. */
function explain(error: unknown, topicArn: string): unknown {
  const isSdkError = error instanceof SNSServiceException || isConnectionFailure(error);
  const { name, message } = error as Error;
  if (!isSdkError && name !== "CredentialsProviderError") return error;
  return new QueueRefusedError(
    `expected to be able to publish to the topic ${topicArn}, found ${name}: ${message}. Check its ARN, AWS_ENDPOINT_URL ` +
      "and the AWS credentials",
    { cause: error },
  );
}
