// SPDX-License-Identifier: MIT
import {
  ConfigurationError,
  type Environment,
  type Setting,
  parseBoolean,
  parseSettings,
} from "@ledger-loader/core";
import type { KafkaAuthentication, KafkaConnection } from "./client";
import type { Tombstones } from "./kafka-delivery";

const AUTHENTICATIONS = ["none", "plain", "scram-sha-256", "scram-sha-512", "iam"] as const;

function setting<T>(definition: Setting<T>): Setting<T> {
  return definition;
}

/** How programs find a cluster, in the order of the reference page. */
export const KAFKA_SETTINGS = {
  brokers: setting({
    name: "KAFKA_BROKERS",
    accepts: "host:port of one or more brokers, separated by commas",
    parse: parseBrokers,
    meaning: "The first brokers to connect to. They name the others.",
    tradeOff: "None: it must be set. With one broker, nothing starts while that one is away.",
  }),
  tls: setting({
    name: "KAFKA_TLS",
    accepts: "true or false",
    parse: parseBoolean,
    defaultValue: true,
    meaning: "Encrypts connections.",
    tradeOff: "Without TLS documents travel in the clear, for this machine only, and passwords are not sent.",
  }),
  authentication: setting<(typeof AUTHENTICATIONS)[number]>({
    name: "KAFKA_AUTHENTICATION",
    accepts: AUTHENTICATIONS.join(", "),
    parse: (text) => AUTHENTICATIONS.find((each) => each === text),
    defaultValue: "none",
    meaning: "How the client authenticates.",
    tradeOff: "`plain` shows the password to the broker. `iam` is for Amazon MSK.",
  }),
  username: setting<string | undefined>({
    name: "KAFKA_USERNAME",
    accepts: "text",
    parse: (text) => text,
    defaultValue: undefined,
    meaning: "The user, for `plain` and `scram`.",
    tradeOff: "None.",
  }),
  password: setting<string | undefined>({
    name: "KAFKA_PASSWORD",
    accepts: "text",
    parse: (text) => text,
    defaultValue: undefined,
    meaning: "The user's password.",
    tradeOff: "Everyone who reads the process's environment sees it.",
  }),
  region: setting<string | undefined>({
    name: "KAFKA_REGION",
    alias: "AWS_REGION",
    accepts: "an AWS region",
    parse: (text) => (/^[a-z]{2}(-[a-z]+)+-\d$/.test(text) ? text : undefined),
    defaultValue: undefined,
    meaning: "The cluster's region, for `iam`.",
    tradeOff: "None.",
  }),
  tombstones: setting<Tombstones>({
    name: "KAFKA_TOMBSTONES",
    accepts: "reject or acknowledge",
    parse: (text) => (["reject", "acknowledge"] as const).find((each) => each === text),
    defaultValue: "reject",
    meaning: "Rejects tombstones (records without a value), or acknowledges them with a line in the log.",
    tradeOff: "With acknowledge, a record that was deleted by a tombstone alone stays in the ledger.",
  }),
};

/**
 * Reads from environment variables how a cluster is reached.
 *
 * @throws ConfigurationError naming every problem at once.
 */
export function parseKafkaConnection(environment: Environment): KafkaConnection {
  const { brokers, tls, ...rest } = parseSettings(KAFKA_SETTINGS, environment);
  const problems: string[] = [];
  const authentication = toAuthentication(rest, problems);
  if (rest.authentication === "plain" && !tls) {
    problems.push("KAFKA_TLS: expected true with KAFKA_AUTHENTICATION=plain, found false");
  }
  if (problems.length > 0) throw new ConfigurationError(problems);
  return { brokers, tls, authentication };
}

interface AuthenticationSettings {
  readonly authentication: (typeof AUTHENTICATIONS)[number];
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly region: string | undefined;
}

/**
 * Reads from environment variables what becomes of tombstones.
 *
 * @throws ConfigurationError if it cannot be told.
 */
export function parseTombstones(environment: Environment): Tombstones {
  return parseSettings({ tombstones: KAFKA_SETTINGS.tombstones }, environment).tombstones;
}

function toAuthentication(settings: AuthenticationSettings, problems: string[]): KafkaAuthentication {
  const { authentication: kind, username = "", password = "", region = "" } = settings;
  const need = (name: string, value: string, what: string): void => {
    if (value === "")
      problems.push(`${name}: expected ${what} with KAFKA_AUTHENTICATION=${kind}, found nothing`);
  };
  switch (kind) {
    case "none":
      return { kind };
    case "iam":
      need("KAFKA_REGION", region, "an AWS region");
      return { kind, region };
    case "plain":
    case "scram-sha-256":
    case "scram-sha-512":
      need("KAFKA_USERNAME", username, "a user");
      need("KAFKA_PASSWORD", password, "a password");
      return { kind, username, password };
  }
}

function parseBrokers(text: string): readonly string[] | undefined {
  const brokers = text.split(",").map((broker) => broker.trim());
  return brokers.every((broker) => /^[^\s:,/]+:\d{1,5}$/.test(broker)) ? brokers : undefined;
}
