// SPDX-License-Identifier: MIT
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import {
  CreateStreamCommand,
  KinesisClient,
  waitUntilStreamExists,
  type KinesisClientConfig,
} from "@aws-sdk/client-kinesis";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { TestServiceError } from "./guarded-process";

/**
 * A Kinesis endpoint on this machine that speaks the real protocol, in memory and in a process of its own (kinesalite).
 *
 * It has no UpdateShardCount (split and merge shards instead), no enhanced fan-out, and knows streams by name only, not
 * by ARN.
 */
export interface KinesisEmulator {
  /** `http://127.0.0.1:PORT` */
  readonly endpoint: string;
  /** The configuration with which a client reaches the emulator; HTTP/1.1, since the SDK's default for Kinesis is HTTP/2. */
  readonly clientConfig: KinesisClientConfig & { readonly endpoint: string; readonly region: string };
  /** A client that is connected to the emulator; it is destroyed by {@link KinesisEmulator.close}. */
  readonly client: KinesisClient;
  /** Creates a stream and waits until it can be used. */
  createStream(name: string, shards: number): Promise<void>;
  /** Ends the emulator's process; its records are gone. */
  close(): Promise<void>;
}

/** Starts a Kinesis emulator on a free port of the loopback interface. */
export async function startKinesis(): Promise<KinesisEmulator> {
  const emulator = fork(path.join(__dirname, "../..", "emulator", "kinesis-emulator.mjs"), { execArgv: [] });
  const endpoint = `http://127.0.0.1:${await portOf(emulator)}`;
  const clientConfig = {
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "emulator", secretAccessKey: "emulator" },
    requestHandler: new NodeHttpHandler(),
  };
  const client = new KinesisClient(clientConfig);
  return {
    endpoint,
    clientConfig,
    client,
    createStream: async (name, shards) => {
      await client.send(new CreateStreamCommand({ StreamName: name, ShardCount: shards }));
      await waitUntilStreamExists(
        { client, maxWaitTime: 10, minDelay: 0.05, maxDelay: 0.1 },
        { StreamName: name },
      );
    },
    close: async () => {
      client.destroy();
      const exited = once(emulator, "exit");
      emulator.disconnect();
      await exited;
    },
  };
}

async function portOf(emulator: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    emulator.once("message", (message: { readonly port: number }) => {
      resolve(message.port);
    });
    emulator.once("error", reject);
    emulator.once("exit", (code) => {
      reject(
        new TestServiceError(
          `Expected the Kinesis emulator to listen, but its process ended with code ${String(code)}: see its output above.`,
        ),
      );
    });
  });
}
