// SPDX-License-Identifier: MIT
import path from "node:path";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { freePorts } from "./free-port";
import { serviceFolder, startGuardedProcess } from "./guarded-process";
import { requirePeer } from "./peer-availability";

/** Amazon DynamoDB Local with streams, in memory and in a process of its own. */
export interface DynamoDbLocal {
  /** `http://127.0.0.1:PORT`: tables and streams. */
  readonly endpoint: string;
  /** The configuration with which a client of tables or streams reaches it. */
  readonly clientConfig: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  /** Destroyed by {@link DynamoDbLocal.close}, as is {@link DynamoDbLocal.streams}. */
  readonly client: DynamoDBClient;
  readonly streams: DynamoDBStreamsClient;
  /** Ends the process; its tables are gone. */
  close(): Promise<void>;
}

const JAVA_OPTIONS = ["-Xms64m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"];
// Of version 2. Version 3.1.0 streams the removal of an expired item with the event name UNKNOWN_TO_SDK_VERSION and without
// the service's identity, by which such removals are told apart.
const MAIN_CLASS = "com.amazonaws.services.dynamodbv2.local.main.ServerRunner";

/**
 * Starts Amazon DynamoDB Local on a free port.
 *
 * It offers no way to choose an interface: it listens on all of them, on loopback for the clients here. It holds test
 * data only, and sends no telemetry.
 *
 * @throws TestServiceError if `peerAvailability("dynamodb-local")` says no, or it does not start
 */
export async function startDynamoDb(): Promise<DynamoDbLocal> {
  const jars = path.join(requirePeer("dynamodb-local"), "lib");
  const [port = 0] = await freePorts(1);
  const clientConfig = {
    endpoint: `http://127.0.0.1:${port}`,
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  };
  const client = new DynamoDBClient(clientConfig);
  const streams = new DynamoDBStreamsClient(clientConfig);
  const server = await startGuardedProcess({
    name: "Amazon DynamoDB Local",
    command: "java",
    args: [
      ...JAVA_OPTIONS,
      // Its SQLite is native code that lies among the jars.
      `-Dsqlite4java.library.path=${jars}`,
      ...["-cp", path.join(jars, "*"), MAIN_CLASS, "-inMemory", "-disableTelemetry", "-port", String(port)],
    ],
    folder: serviceFolder("dynamodb"),
    isReady: async () => {
      await client.send(new ListTablesCommand({}));
      return true;
    },
  });
  return {
    endpoint: clientConfig.endpoint,
    clientConfig,
    client,
    streams,
    close: async () => {
      client.destroy();
      streams.destroy();
      await server.close();
    },
  };
}
