// SPDX-License-Identifier: MIT
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { awsClientConfig, awsComplaint } from "./aws-client";
import { BusRefusedError } from "../cli-errors";
import type { Terminal } from "../output/terminal";

/** Runs `work` with a client for an event bus, of AWS or of an emulator, and ends the client. */
export async function withBusClient<T>(
  env: Terminal["env"],
  busName: string,
  region: string | undefined,
  work: (client: EventBridgeClient) => Promise<T>,
): Promise<T> {
  const client = new EventBridgeClient(awsClientConfig(env, "EVENTBRIDGE", region));
  try {
    return await work(client);
  } catch (error) {
    throw explainBus(error, busName);
  } finally {
    client.destroy();
  }
}

function explainBus(error: unknown, busName: string): unknown {
  const complaint = awsComplaint(error);
  if (complaint === undefined) return error;
  return new BusRefusedError(
    `expected to be able to use the event bus ${busName}, found ${complaint} Check its name, --region, ` +
      "AWS_ENDPOINT_URL and the AWS credentials",
    { cause: error },
  );
}
