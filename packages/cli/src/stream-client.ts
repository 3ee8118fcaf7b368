// SPDX-License-Identifier: MIT
import { KinesisClient, KinesisServiceException } from "@aws-sdk/client-kinesis";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { StreamRefusedError } from "./cli-errors";
import { hasAwsCredentials, setting } from "./connection";
import { isConnectionFailure } from "./control-plane";
import type { Terminal } from "./terminal";

/** Runs `work` with a client for a Kinesis data stream, of AWS or of an emulator, and ends the client. */
export async function withStreamClient<T>(
  env: Terminal["env"],
  streamName: string,
  region: string | undefined,
  work: (client: KinesisClient) => Promise<T>,
): Promise<T> {
  const emulator = setting(env, "AWS_ENDPOINT_URL_KINESIS") ?? setting(env, "AWS_ENDPOINT_URL");
  const client = new KinesisClient({
    region: region ?? setting(env, "AWS_REGION") ?? "us-east-1",
    // An emulator checks no signature, but the SDK insists on signing; and it speaks no HTTP/2, the SDK's default here.
    ...(emulator !== undefined && !hasAwsCredentials(env)
      ? { credentials: { accessKeyId: "local", secretAccessKey: "local" } }
      : {}),
    ...(emulator === undefined ? {} : { endpoint: emulator, requestHandler: new NodeHttpHandler() }),
  });
  try {
    return await work(client);
  } catch (error) {
    throw explainStream(error, streamName);
  } finally {
    client.destroy();
  }
}

/** What the SDK throws is not an error of this project; what it says is for the user, not for its developers. */
function explainStream(error: unknown, streamName: string): unknown {
  const isSdkError = error instanceof KinesisServiceException || isConnectionFailure(error);
  const { name, message } = error as Error;
  if (!isSdkError && name !== "CredentialsProviderError") return error;
  return new StreamRefusedError(
    `expected to be able to use the stream ${streamName}, found ${name}: ${message}. Check its name, --region, ` +
      "AWS_ENDPOINT_URL and the AWS credentials",
    { cause: error },
  );
}
