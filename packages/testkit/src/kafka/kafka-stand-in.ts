// SPDX-License-Identifier: MIT
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { Kafka, logLevel, type KafkaConfig } from "kafkajs";
import { freePorts } from "../peers/free-port";
import type { KafkaBroker } from "../peers/kafka-broker";
import { KafkaCluster } from "./kafka-cluster";

/**
 * Starts a stand-in for a Kafka cluster of one broker, in this process and in memory: always there, where
 * {@link startKafka} needs Java.
 *
 * It is a {@link KafkaCluster} behind a port, and keeps no group members through a restart. The suite that says what it does is
 * run on a real broker too.
 */
export async function startKafkaStandIn(): Promise<KafkaBroker> {
  const broker = new StandIn();
  const [port = 0] = await freePorts(1);
  await broker.listen(port);
  const brokers = [`127.0.0.1:${port}`];
  const clientConfig: KafkaConfig = { brokers, logLevel: logLevel.NOTHING };
  return {
    brokers,
    clientConfig,
    createTopic: async (topic, partitions) => {
      const admin = new Kafka(clientConfig).admin();
      await admin.connect();
      await admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: partitions }] });
      await admin.disconnect();
    },
    restart: async () => {
      await broker.stop();
      await broker.listen(port);
    },
    close: () => broker.stop(),
  };
}

/** Kafka's default of `socket.request.max.bytes`: it hangs up on a request that claims to be larger, as a TLS handshake does. */
const REQUEST_BYTES_MAX = 100 * 1024 * 1024;

class StandIn {
  readonly #cluster = new KafkaCluster();
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;

  async listen(port: number): Promise<void> {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
      // A client that breaks off is no concern of the broker's.
      socket.on("error", () => socket.destroy());
      void this.#serve(socket);
    });
    this.#server.listen(port, "127.0.0.1");
    await once(this.#server, "listening");
    this.#cluster.port = port;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    this.#cluster.dropMembers();
    for (const socket of this.#sockets) socket.destroy();
    server.close();
    await once(server, "close");
  }

  /** Answers a connection's requests one after another, as Kafka does. */
  async #serve(socket: Socket): Promise<void> {
    let received = Buffer.alloc(0);
    try {
      for await (const chunk of socket) {
        received = Buffer.concat([received, chunk as Buffer]);
        if (received.length >= 4 && received.readUInt32BE(0) > REQUEST_BYTES_MAX)
          throw new RangeError("a request is larger than Kafka takes");
        while (received.length >= 4 && received.length >= 4 + received.readInt32BE(0)) {
          const end = 4 + received.readInt32BE(0);
          const answer = await this.#cluster.answer(received.subarray(4, end));
          received = received.subarray(end);
          if (answer !== undefined && socket.writable) socket.write(answer);
        }
      }
    } catch {
      // The connection broke, or what came over it is not Kafka's protocol: Kafka hangs up, too.
      socket.destroy();
    }
  }
}
