// SPDX-License-Identifier: MIT
import { type Logger, silentLogger, withoutUndefined } from "@ledger-loader/core";
import { type Admin, Kafka, logLevel, type KafkaConfig, type LogEntry, type SASLOptions } from "kafkajs";
import { findProtocolMismatch } from "./broker-protocol";
import { causesOf, KafkaRefusedError, KafkaTlsError, KafkaUnavailableError, typeOf } from "./errors";

/** How a client proves who it is. */
export type KafkaAuthentication =
  /** Anybody, or whoever holds the client certificate of `tls`. */
  | { readonly kind: "none" }
  | {
      readonly kind: "plain" | "scram-sha-256" | "scram-sha-512";
      readonly username: string;
      readonly password: string;
    }
  /** IAM of Amazon MSK, with the AWS SDK's own credentials; the port is 9098. */
  | { readonly kind: "iam"; readonly region: string }
  /** Any other OAuth provider. Called for each connection and again before KafkaJS signs on anew. */
  | { readonly kind: "oauth-bearer"; readonly token: () => Promise<{ readonly value: string }> };

/** Where a cluster is and how to talk to it. */
export interface KafkaConnection {
  /** `host:port` of one or more brokers, from which the others are learned. */
  readonly brokers: readonly string[];
  /** Shown in the brokers' logs and quotas. Default: `ledger-loader`. */
  readonly clientId?: string;
  /** `false`: in the clear. An object: Node.js's TLS options, such as `ca`, or `key` and `cert` for mutual TLS. Default: `true`. */
  readonly tls?: KafkaConfig["ssl"];
  /** Default: none. */
  readonly authentication?: KafkaAuthentication;
  /** KafkaJS's lines go there: retries as `debug`, other errors as warnings, since it tries again. Default: nowhere. */
  readonly logger?: Logger;
}

/** Facts about a client that was made here: KafkaJS's clients do not tell. */
interface KnownClient {
  readonly connection: KafkaConnection;
  /** The same, without retries. */
  readonly impatient: Kafka;
}

const KNOWN = new WeakMap<Kafka, KnownClient>();

/** Makes a KafkaJS client with these settings; it connects to nothing yet. */
export function createKafkaClient(connection: KafkaConnection): Kafka {
  const { brokers, clientId = "ledger-loader", tls = true, logger = silentLogger } = connection;
  const sasl = toSasl(connection.authentication ?? { kind: "none" });
  const config: KafkaConfig = {
    brokers: [...brokers],
    clientId,
    ssl: tls,
    ...withoutUndefined({ sasl }),
    logLevel: logLevel.INFO,
    logCreator: () => (entry) => {
      writeLog(logger, entry);
    },
  };
  const client = new Kafka(config);
  KNOWN.set(client, { connection, impatient: new Kafka({ ...config, retry: { retries: 0 } }) });
  return client;
}

/** The authentication in KafkaJS's form. */
export function toSasl(authentication: KafkaAuthentication): SASLOptions | undefined {
  switch (authentication.kind) {
    case "none":
      return undefined;
    case "plain":
    case "scram-sha-256":
    case "scram-sha-512": {
      const { kind, username, password } = authentication;
      return { mechanism: kind, username, password };
    }
    case "iam": {
      const { region } = authentication;
      const sign = async () => {
        // oxlint-disable-next-line typescript/no-require-imports -- brings the SDK's credentials, which only IAM needs
        const { createIamToken } = require("./iam-token") as typeof import("./iam-token");
        return { value: await createIamToken({ region }) };
      };
      return { mechanism: "oauthbearer", oauthBearerProvider: sign };
    }
    case "oauth-bearer": {
      return { mechanism: "oauthbearer", oauthBearerProvider: authentication.token };
    }
  }
}

/** Parts of KafkaJS that have a line for each failed try. Consumers say themselves that the cluster does not answer. */
const RETRYING = new Set(["Connection", "BrokerPool", "Consumer"]);

/** Only sentence and source: KafkaJS's other fields may hold whatever a broker sent. */
function writeLog(logger: Logger, { level, namespace, log }: LogEntry): void {
  const fields = { namespace };
  const isRetry = RETRYING.has(namespace) || log["retryTime"] !== undefined;
  if (!isRetry && (level === logLevel.ERROR || level === logLevel.WARN)) logger.warn(fields, log.message);
  else logger.debug(fields, log.message);
}

/**
 * Checks that a topic is there, since KafkaJS would try for minutes to find one that is not.
 *
 * @throws KafkaRefusedError if there is no such topic or these credentials may not see it; {@link KafkaTlsError} if a broker
 *   speaks TLS and the client does not, or the reverse; {@link KafkaUnavailableError} if the cluster does not answer.
 */
export async function requireTopic(client: Kafka, topic: string): Promise<void> {
  const what = `find the topic ${topic}`;
  try {
    const topics = await listTopicsAtOnce(client, what);
    if (!topics.includes(topic)) throw new KafkaRefusedError(what, "UNKNOWN_TOPIC_OR_PARTITION");
  } catch (error) {
    // KafkaJS takes the answer of no broker for one: its own mistake is all that it throws then.
    if (error instanceof TypeError) throw new KafkaUnavailableError(what, error);
    throw explainKafka(error, what);
  }
}

/** Lists topics; before a failure is tried again, which takes many seconds, looks whether trying again can help. */
async function listTopicsAtOnce(client: Kafka, what: string): Promise<readonly string[]> {
  const known = KNOWN.get(client);
  if (known === undefined) return listTopics(client.admin());
  try {
    return await listTopics(known.impatient.admin());
  } catch (error) {
    const { brokers, tls = true } = known.connection;
    const mismatch = await findProtocolMismatch(brokers, tls === false ? "plain" : "tls");
    if (mismatch !== undefined) throw new KafkaTlsError(what, mismatch, error);
    return listTopics(client.admin());
  }
}

async function listTopics(admin: Admin): Promise<readonly string[]> {
  try {
    await admin.connect();
    return await admin.listTopics();
  } finally {
    await admin.disconnect();
  }
}

/** Protocol errors that KafkaJS takes for passing ones, though only a change of something helps. */
const FINAL_TYPES = new Set(["UNKNOWN_TOPIC_OR_PARTITION", "TOPIC_AUTHORIZATION_FAILED"]);

/** Errors of KafkaJS that say of themselves that trying again is no use, though they only mean that no broker is there now. */
const AWAY = new Set(["KafkaJSGroupCoordinatorNotFound", "KafkaJSLockTimeout"]);

/** Makes an error of KafkaJS one of this package; errors that are not KafkaJS's stay as they are. */
export function explainKafka(error: unknown, what: string): unknown {
  if (!(error instanceof Error) || !error.name.startsWith("KafkaJS")) return error;
  const isFinal = causesOf(error).some((each) => FINAL_TYPES.has(typeOf(each) ?? ""));
  const isPassing = causesOf(error).some(
    (each) => AWAY.has(each.name) || ("retriable" in each && each.retriable === true),
  );
  const isGivenUp = error.name === "KafkaJSNumberOfRetriesExceeded";
  if (!isFinal && (isPassing || isGivenUp)) return new KafkaUnavailableError(what, error);
  return new KafkaRefusedError(what, error);
}
