// SPDX-License-Identifier: MIT
import { KAFKA_SETTINGS } from "@ledger-loader/msk";
import { boolean, fromSetting, integer, optional, required, text, type ParameterValues } from "./parameter";
import type { LoaderValues } from "./function-parameters";
import { FILTER_PARAMETERS, MAPPING_PARAMETERS, POSITION_PARAMETERS } from "./mapping-parameters";

/** The parameters of a topic and its event source mapping. */
export const KAFKA_TOPIC_PARAMETERS = {
  ...MAPPING_PARAMETERS,
  ...FILTER_PARAMETERS,
  ...POSITION_PARAMETERS,
  topic: required<string>({
    accepts: "the name of a topic",
    parse: text(/^[\w.-]{1,249}$/),
    meaning: "The topic of the events. Its key is the record.",
    tradeOff: "None: it must be set.",
  }),
  consumerGroup: optional({
    accepts: "1 to 200 letters, digits and .-_",
    parse: text(/^[\w.-]{1,200}$/),
    defaultValue: "ledger-loader",
    meaning: "The consumer group whose offsets Lambda commits.",
    tradeOff: "A new name reads the topic from its beginning.",
  }),
  batchSize: optional({
    accepts: "an integer from 1 to 10000",
    parse: integer(1, 10_000),
    defaultValue: 100,
    meaning: "The most records of one invocation.",
    tradeOff: "A failing batch returns as a whole. Larger batches share ledger transactions.",
  }),
  batchingWindowSeconds: optional({
    accepts: "an integer from 0 to 300",
    parse: integer(0, 300),
    defaultValue: 1,
    meaning: "How many seconds Lambda waits for a batch to fill.",
    tradeOff: "Longer makes fewer batches, and each event later.",
  }),
  pollersMax: optional({
    accepts: "an integer from 0 to 2000",
    parse: integer(0, 2000),
    defaultValue: 0,
    meaning: "The most event pollers that Lambda may provision, paid by the hour.",
    tradeOff: "0 leaves it to Lambda.",
  }),
  pollersMin: optional<number | undefined>({
    accepts: "an integer from 1 to 200",
    parse: integer(1, 200),
    defaultValue: undefined,
    meaning: "How many event pollers Lambda keeps provisioned, with pollersMax above 0.",
    tradeOff: "Default: 1.",
  }),
  reportBatchItemFailures: optional({
    accepts: "true or false",
    parse: boolean,
    defaultValue: false,
    meaning: "The function names failed records instead of failing its batch, with pollersMax only.",
    tradeOff: "Fewer records return. Not tried against Lambda: see docs/guides/load-from-kafka.md.",
  }),
  tombstones: fromSetting(KAFKA_SETTINGS.tombstones),
  offsetLagMax: optional({
    accepts: "an integer from 1 to 1000000000",
    parse: integer(1, 1_000_000_000),
    defaultValue: 100_000,
    meaning: "The lag in records that raises the alarm.",
    tradeOff: "None.",
  }),
} as const;

/** The parameters of a topic and its event source mapping. The cluster is the user's. */
export const MSK_PARAMETERS = {
  clusterArn: required<string>({
    accepts: "the ARN of an Amazon MSK cluster",
    parse: text(/^arn:[\w-]+:kafka:[\w-]+:\d{12}:cluster\/[\w-]+\/[\w-]+$/),
    meaning: "The cluster of the topic. Lambda reads from within the cluster's VPC.",
    tradeOff: "None: it must be set.",
  }),
  ...KAFKA_TOPIC_PARAMETERS,
  scramSecretArn: optional<string | undefined>({
    accepts: "the ARN of a secret in AWS Secrets Manager",
    parse: text(/^arn:[\w-]+:secretsmanager:[\w-]+:\d{12}:secret:AmazonMSK_[\w/+=.@-]+$/),
    defaultValue: undefined,
    meaning: "The secret with user and password for SASL/SCRAM.",
    tradeOff: "Default: IAM, without a password.",
  }),
  scramKeyArn: optional<string | undefined>({
    accepts: "the ARN of a KMS key",
    parse: text(/^arn:[\w-]+:kms:[\w-]+:\d{12}:key\/[\w-]+$/),
    defaultValue: undefined,
    meaning: "Your own key that encrypts the SCRAM secret, as MSK demands.",
    tradeOff: "None.",
  }),
} as const;

/** The values of a topic's loader. */
export type MskValues = LoaderValues & ParameterValues<typeof MSK_PARAMETERS>;
