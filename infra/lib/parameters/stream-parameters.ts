// SPDX-License-Identifier: MIT
import { integer, oneOf, optional, text } from "./parameter";
import { FILTER_PARAMETERS, MAPPING_PARAMETERS, POSITION_PARAMETERS } from "./mapping-parameters";

/** The parameters of an event source mapping that reads shards. */
export const SHARD_PARAMETERS = {
  ...MAPPING_PARAMETERS,
  ...FILTER_PARAMETERS,
  ...POSITION_PARAMETERS,
  batchSize: optional({
    accepts: "an integer from 1 to 10000",
    parse: integer(1, 10_000),
    defaultValue: 100,
    meaning: "The most records of one invocation.",
    tradeOff: "Larger batches share ledger transactions.",
  }),
  batchingWindowSeconds: optional({
    accepts: "an integer from 0 to 300",
    parse: integer(0, 300),
    defaultValue: 0,
    meaning: "How many seconds Lambda waits for a batch to fill.",
    tradeOff: "Longer makes fewer batches, and each event later.",
  }),
  parallelizationFactor: optional({
    accepts: "an integer from 1 to 10",
    parse: integer(1, 10),
    defaultValue: 1,
    meaning: "How many batches of one shard are loaded concurrently.",
    tradeOff: "Above 1 only records of one partition key keep their order. Aggregated records share a key.",
  }),
  retriesMax: optional({
    accepts: "an integer from -1 to 10000",
    parse: integer(-1, 10_000),
    defaultValue: -1,
    meaning: "How often Lambda tries a batch again. -1: no limit.",
    tradeOff: "With a limit, a long outage gives up good records.",
  }),
  recordAgeMaxSeconds: optional({
    accepts: "-1, or an integer from 60 to 604800",
    parse: (value: unknown) => (String(value) === "-1" ? -1 : integer(60, 604_800)(value)),
    defaultValue: -1,
    meaning: "The age at which Lambda gives up a record. -1: no limit.",
    tradeOff: "With a limit, a long outage gives up good records.",
  }),
  iteratorAgeHours: optional({
    accepts: "an integer from 1 to 8760",
    parse: integer(1, 8760),
    defaultValue: 6,
    meaning: "How many hours behind the stream raise the alarm.",
    tradeOff: "Leave time to act before records expire.",
  }),
} as const;

/** The parameters of a data stream that exists already. */
const EXISTING_STREAM_PARAMETERS = {
  streamArn: optional<string | undefined>({
    accepts: "the ARN of a Kinesis data stream",
    parse: text(/^arn:[\w-]+:kinesis:[\w-]+:\d{12}:stream\/[\w.-]+$/),
    defaultValue: undefined,
    meaning: "An existing stream. Default: the stack creates one.",
    tradeOff: "Set its retention and encryption yourself.",
  }),
} as const;

/** The parameters of a data stream that is created. */
const CREATED_STREAM_PARAMETERS = {
  streamMode: optional<"PROVISIONED" | "ON_DEMAND">({
    accepts: "PROVISIONED or ON_DEMAND",
    parse: oneOf("PROVISIONED", "ON_DEMAND"),
    defaultValue: "PROVISIONED",
    meaning: "The mode of the created stream.",
    tradeOff: "ON_DEMAND reshards by itself, and then events without versions may lose their order.",
  }),
  shardCount: optional({
    accepts: "an integer from 1 to 10000",
    parse: integer(1, 10_000),
    defaultValue: 1,
    meaning: "The shards of a PROVISIONED stream.",
    tradeOff: "A shard takes 1 MB or 1,000 records a second, and costs by the hour.",
  }),
  retentionHours: optional({
    accepts: "an integer from 24 to 8760",
    parse: integer(24, 8760),
    defaultValue: 168,
    meaning: "How many hours the created stream keeps a record.",
    tradeOff: "More than 24 cost extra.",
  }),
} as const;

/** The parameters of a data stream and of its mapping, whoever creates it. */
export const STREAM_SETTINGS = { ...SHARD_PARAMETERS, ...CREATED_STREAM_PARAMETERS } as const;

/** The parameters of a data stream, which the stack creates unless it is given one. */
export const STREAM_PARAMETERS = {
  ...SHARD_PARAMETERS,
  ...EXISTING_STREAM_PARAMETERS,
  ...CREATED_STREAM_PARAMETERS,
} as const;
