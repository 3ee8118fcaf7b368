// SPDX-License-Identifier: MIT
import { execFile } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { Kafka, logLevel, type KafkaConfig } from "kafkajs";
import { freePorts } from "./free-port";
import { serviceFolder, startGuardedProcess, TestServiceError } from "./guarded-process";
import { requirePeer } from "./peer-availability";

/** A Kafka cluster of one broker on this machine. */
export interface KafkaBroker {
  /** `["127.0.0.1:PORT"]` */
  readonly brokers: string[];
  /** The configuration with which a KafkaJS client reaches the broker; it logs nothing. */
  readonly clientConfig: KafkaConfig;
  /** Creates a topic and waits until its partitions can be written to. */
  createTopic(topic: string, partitions: number): Promise<void>;
  /** Kills the broker, starts it again on what it had stored, and waits until it answers. */
  restart(): Promise<void>;
  /** Ends the broker; its data is gone. */
  close(): Promise<void>;
}

/** Any 22 characters of base64; one broker knows no other cluster. */
const CLUSTER_ID = "ledger-loader-test-AAA";
// Small and quick to start: a broker for tests lives for seconds, so optimising its code would not pay.
const JAVA_OPTIONS = ["-Xms64m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"];
const LOGGING = ["-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"];

/**
 * Starts Apache Kafka (KRaft: no ZooKeeper) on free ports of the loopback interface, with its data in a temporary folder.
 *
 * Topics are not created by themselves, and consumer groups are ready: the coordinator has loaded.
 *
 * @throws TestServiceError if `peerAvailability("kafka")` says no, or the broker does not start
 */
export async function startKafka(): Promise<KafkaBroker> {
  const jars = path.join(requirePeer("kafka"), "lib", "*");
  const folder = serviceFolder("kafka");
  const [port = 0, controllerPort = 0] = await freePorts(2);
  const settings = path.join(folder, "server.properties");
  mkdirSync(path.join(folder, "data"));
  writeFileSync(settings, serverProperties(path.join(folder, "data"), port, controllerPort));
  const java = [...JAVA_OPTIONS, ...LOGGING, "-cp", jars];
  await format([...java, "kafka.tools.StorageTool", "format", "-t", CLUSTER_ID, "-c", settings], folder);
  const clientConfig: KafkaConfig = { brokers: [`127.0.0.1:${port}`], logLevel: logLevel.NOTHING };
  const broker = await startGuardedProcess({
    name: "Apache Kafka",
    command: "java",
    args: [...java, "kafka.Kafka", settings],
    folder,
    isReady: () => isReady(clientConfig),
  });
  return {
    brokers: [`127.0.0.1:${port}`],
    clientConfig,
    createTopic: (topic, partitions) => createTopic(clientConfig, topic, partitions),
    restart: () => broker.restart(),
    close: () => broker.close(),
  };
}

async function format(args: readonly string[], folder: string): Promise<void> {
  try {
    await promisify(execFile)("java", args, { timeout: 60_000 });
  } catch (error) {
    rmSync(folder, { recursive: true });
    throw new TestServiceError(
      "Expected Kafka's StorageTool to format a folder, but it failed: see the cause.",
      {
        cause: error,
      },
    );
  }
}

async function createTopic(config: KafkaConfig, topic: string, partitions: number): Promise<void> {
  const admin = new Kafka(config).admin();
  await admin.connect();
  try {
    await admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: partitions }] });
  } finally {
    await admin.disconnect();
  }
}

// KafkaJS finds its brokers at the first retry only, so there must be some.
const QUICK = { initialRetryTime: 50, retries: 3 };

/** Asks for a group's offsets: that makes the broker create and load what it keeps groups in, not only listen. */
async function isReady(config: KafkaConfig): Promise<boolean> {
  const admin = new Kafka({ ...config, retry: QUICK, connectionTimeout: 1_000 }).admin();
  await admin.connect();
  try {
    await admin.fetchOffsets({ groupId: "readiness" });
    return true;
  } finally {
    await admin.disconnect();
  }
}

function serverProperties(dataFolder: string, port: number, controllerPort: number): string {
  const settings = {
    "process.roles": "broker,controller",
    "node.id": 1,
    "controller.quorum.voters": `1@127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    "advertised.listeners": `PLAINTEXT://127.0.0.1:${port}`,
    "controller.listener.names": "CONTROLLER",
    "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
    "log.dirs": dataFolder,
    "auto.create.topics.enable": false,
    "offsets.topic.replication.factor": 1,
    "offsets.topic.num.partitions": 1,
    "transaction.state.log.replication.factor": 1,
    "transaction.state.log.num.partitions": 1,
    "transaction.state.log.min.isr": 1,
    // Groups form at once instead of waiting three seconds for more members.
    "group.initial.rebalance.delay.ms": 0,
    // A broker that was killed may come back only when the controller has given the old one up.
    "broker.session.timeout.ms": 1_500,
    "broker.heartbeat.interval.ms": 300,
    "group.min.session.timeout.ms": 1_000,
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
}
