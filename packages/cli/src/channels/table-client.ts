// SPDX-License-Identifier: MIT
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { awsClientConfig, awsComplaint } from "./aws-client";
import { StreamRefusedError } from "../cli-errors";
import type { Terminal } from "../output/terminal";

/** Runs `work` with a client for the stream of a DynamoDB table, of AWS or of DynamoDB Local, and ends the client. */
export async function withTableStream<T>(
  env: Terminal["env"],
  streamArn: string,
  region: string | undefined,
  work: (client: DynamoDBStreamsClient) => Promise<T>,
): Promise<T> {
  // A stream is read in its own region only. DynamoDB Local names none: its data are those of the region that is asked for.
  const own = streamArn.split(":")[3];
  const config = awsClientConfig(env, "DYNAMODB_STREAMS", own === "ddblocal" ? region : own);
  const client = new DynamoDBStreamsClient(config);
  try {
    return await work(client);
  } catch (error) {
    throw explain(error, streamArn);
  } finally {
    client.destroy();
  }
}

/** Runs `work` with a client for tables of DynamoDB, of AWS or of DynamoDB Local, and ends the client. */
export async function withTables<T>(
  env: Terminal["env"],
  region: string | undefined,
  work: (client: DynamoDBClient) => Promise<T>,
): Promise<T> {
  const config = awsClientConfig(env, "DYNAMODB", region);
  // A consumer that cannot renew its leases goes on, but loses them: it is worth a few more tries.
  const client = new DynamoDBClient({ ...config, maxAttempts: 5 });
  try {
    return await work(client);
  } finally {
    client.destroy();
  }
}

function explain(error: unknown, streamArn: string): unknown {
  const complaint = awsComplaint(error);
  if (complaint === undefined) return error;
  return new StreamRefusedError(
    `expected to be able to use the stream ${streamArn}, found ${complaint} Check its ARN, AWS_ENDPOINT_URL and ` +
      "the AWS credentials",
    { cause: error },
  );
}
