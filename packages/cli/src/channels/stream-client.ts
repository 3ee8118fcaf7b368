// SPDX-License-Identifier: MIT
import { KinesisClient } from "@aws-sdk/client-kinesis";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { awsClientConfig, awsComplaint } from "./aws-client";
import { StreamRefusedError } from "../cli-errors";
import type { Terminal } from "../output/terminal";

/** Runs `work` with a client for a Kinesis data stream, of AWS or of an emulator, and ends the client. */
export async function withStreamClient<T>(
  env: Terminal["env"],
  streamName: string,
  region: string | undefined,
  work: (client: KinesisClient) => Promise<T>,
): Promise<T> {
  const config = awsClientConfig(env, "KINESIS", region);
  const client = new KinesisClient({
    ...config,
    // An emulator speaks no HTTP/2, the SDK's default here.
    ...(config.endpoint === undefined ? {} : { requestHandler: new NodeHttpHandler() }),
  });
  try {
    return await work(client);
  } catch (error) {
    throw explainStream(error, streamName);
  } finally {
    client.destroy();
  }
}

function explainStream(error: unknown, streamName: string): unknown {
  const complaint = awsComplaint(error);
  if (complaint === undefined) return error;
  return new StreamRefusedError(
    `expected to be able to use the stream ${streamName}, found ${complaint} Check its name, --region, ` +
      "AWS_ENDPOINT_URL and the AWS credentials",
    { cause: error },
  );
}
