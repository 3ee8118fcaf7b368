// SPDX-License-Identifier: MIT
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { StreamRefusedError } from "./cli-errors";
import { hasAwsCredentials, setting } from "./connection";
import { isConnectionFailure } from "./control-plane";
import type { Terminal } from "./terminal";

/** Runs `work` with a client for the stream of a DynamoDB table, of AWS or of DynamoDB Local, and ends the client. */
export async function withTableStream<T>(
  env: Terminal["env"],
  streamArn: string,
  region: string | undefined,
  work: (client: DynamoDBStreamsClient) => Promise<T>,
): Promise<T> {
  // A stream is read in its own region only. DynamoDB Local names none: its data are those of the region that is asked for.
  const own = streamArn.split(":")[3];
  const config = clientConfig(env, "DYNAMODB_STREAMS", own === "ddblocal" ? region : own);
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
  const config = clientConfig(env, "DYNAMODB", region);
  // A consumer that cannot renew its leases goes on, but loses them: it is worth a few more tries.
  const client = new DynamoDBClient({ ...config, maxAttempts: 5 });
  try {
    return await work(client);
  } finally {
    client.destroy();
  }
}

function clientConfig(
  env: Terminal["env"],
  service: string,
  region: string | undefined,
): {
  readonly region: string;
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
} {
  const emulator = setting(env, `AWS_ENDPOINT_URL_${service}`) ?? setting(env, "AWS_ENDPOINT_URL");
  return {
    region: region ?? setting(env, "AWS_REGION") ?? "us-east-1",
    // An emulator checks no signature, but the SDK insists on signing.
    ...(emulator !== undefined && !hasAwsCredentials(env)
      ? { credentials: { accessKeyId: "local", secretAccessKey: "local" } }
      : {}),
    ...(emulator === undefined ? {} : { endpoint: emulator }),
  };
}

/** What the SDK throws is not an error of this project; what it says is for the user, not for its developers. */
function explain(error: unknown, streamArn: string): unknown {
  const isSdkError =
    isConnectionFailure(error) || (error instanceof Error && "$fault" in error && "$metadata" in error);
  const { name, message } = error as Error;
  if (!isSdkError && name !== "CredentialsProviderError") return error;
  return new StreamRefusedError(
    `expected to be able to use the stream ${streamArn}, found ${name}: ${message}. Check its ARN, AWS_ENDPOINT_URL and ` +
      "the AWS credentials",
    { cause: error },
  );
}
