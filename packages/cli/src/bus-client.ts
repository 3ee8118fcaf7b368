// SPDX-License-Identifier: MIT
import { EventBridgeClient, EventBridgeServiceException } from "@aws-sdk/client-eventbridge";
import { BusRefusedError } from "./cli-errors";
import { hasAwsCredentials, setting } from "./connection";
import { isConnectionFailure } from "./control-plane";
import type { Terminal } from "./terminal";

/** Runs `work` with a client for an event bus, of AWS or of an emulator, and ends the client. */
export async function withBusClient<T>(
  env: Terminal["env"],
  busName: string,
  region: string | undefined,
  work: (client: EventBridgeClient) => Promise<T>,
): Promise<T> {
  const emulator = setting(env, "AWS_ENDPOINT_URL_EVENTBRIDGE") ?? setting(env, "AWS_ENDPOINT_URL");
  const client = new EventBridgeClient({
    region: region ?? setting(env, "AWS_REGION") ?? "us-east-1",
    // An emulator checks no signature, but the SDK insists on signing.
    ...(emulator !== undefined && !hasAwsCredentials(env)
      ? { credentials: { accessKeyId: "local", secretAccessKey: "local" } }
      : {}),
    ...(emulator === undefined ? {} : { endpoint: emulator }),
  });
  try {
    return await work(client);
  } catch (error) {
    throw explainBus(error, busName);
  } finally {
    client.destroy();
  }
}

/** What the SDK throws is not an error of this project; what it says is for the user, not for its developers. */
function explainBus(error: unknown, busName: string): unknown {
  const isSdkError = error instanceof EventBridgeServiceException || isConnectionFailure(error);
  const { name, message } = error as Error;
  if (!isSdkError && name !== "CredentialsProviderError") return error;
  return new BusRefusedError(
    `expected to be able to use the event bus ${busName}, found ${name}: ${message}. Check its name, --region, ` +
      "AWS_ENDPOINT_URL and the AWS credentials",
    { cause: error },
  );
}
