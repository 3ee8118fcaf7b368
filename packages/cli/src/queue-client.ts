// SPDX-License-Identifier: MIT
import { SQSClient, SQSServiceException } from "@aws-sdk/client-sqs";
import { QueueRefusedError } from "./cli-errors";
import { hasAwsCredentials, setting } from "./connection";
import { isConnectionFailure } from "./control-plane";
import type { Terminal } from "./terminal";

/** Runs `work` with a client for a queue, of AWS or of an emulator, and ends the client. */
export async function withQueueClient<T>(
  env: Terminal["env"],
  queueUrl: string,
  region: string | undefined,
  work: (client: SQSClient) => Promise<T>,
): Promise<T> {
  const isEmulator = setting(env, "AWS_ENDPOINT_URL_SQS") ?? setting(env, "AWS_ENDPOINT_URL");
  const client = new SQSClient({
    region: region ?? setting(env, "AWS_REGION") ?? regionOf(queueUrl) ?? "us-east-1",
    // An emulator checks no signature, but the SDK insists on signing.
    ...(isEmulator !== undefined && !hasAwsCredentials(env)
      ? { credentials: { accessKeyId: "local", secretAccessKey: "local" } }
      : {}),
    ...(isEmulator === undefined ? {} : { endpoint: isEmulator }),
  });
  try {
    return await work(client);
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
    `expected to be able to use the queue ${queueUrl}, found ${name}: ${message}. Check its URL, AWS_ENDPOINT_URL and ` +
      "the AWS credentials",
    { cause: error },
  );
}

function regionOf(queueUrl: string): string | undefined {
  return /^sqs\.([a-z0-9-]+)\./.exec(new URL(queueUrl).hostname)?.[1];
}
