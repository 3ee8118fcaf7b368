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
    meaning: "How many records one invocation gets at most.",
    tradeOff: "Larger batches share ledger transactions; they also take longer, see timeoutSeconds.",
  }),
  batchingWindowSeconds: optional({
    accepts: "an integer from 0 to 300",
    parse: integer(0, 300),
    defaultValue: 0,
    meaning: "How many seconds Lambda waits for a batch to fill.",
    tradeOff: "Above 0 there are fewer and fuller batches, and each event comes that much later.",
  }),
  parallelizationFactor: optional({
    accepts: "an integer from 1 to 10",
    parse: integer(1, 10),
    defaultValue: 1,
    meaning: "How many batches of one shard are loaded at the same time.",
    tradeOff:
      "Above 1 only the records of one partition key keep their order, and aggregates of many records share a key.",
  }),
  retriesMax: optional({
    accepts: "an integer from -1 to 10000",
    parse: integer(-1, 10_000),
    defaultValue: -1,
    meaning: "How often Lambda tries a batch again before it gives it up; -1 is for ever.",
    tradeOff:
      "Any limit gives good records up in an outage of the ledger that outlasts it; bad ones are parked anyway.",
  }),
  recordAgeMaxSeconds: optional({
    accepts: "-1, or an integer from 60 to 604800",
    parse: (value: unknown) => (String(value) === "-1" ? -1 : integer(60, 604_800)(value)),
    defaultValue: -1,
    meaning: "After how many seconds Lambda gives a record up; -1 is when it expires in the stream.",
    tradeOff: "As with retriesMax.",
  }),
  iteratorAgeHours: optional({
    accepts: "an integer from 1 to 8760",
    parse: integer(1, 8760),
    defaultValue: 6,
    meaning: "How many hours behind the stream's end the function may be before the alarm.",
    tradeOff: "Too close to the retention, and records expire before somebody has looked.",
  }),
} as const;

/** The parameters of a data stream that exists already. */
const EXISTING_STREAM_PARAMETERS = {
  streamArn: optional<string | undefined>({
    accepts: "the ARN of a Kinesis data stream",
    parse: text(/^arn:[\w-]+:kinesis:[\w-]+:\d{12}:stream\/[\w.-]+$/),
    defaultValue: undefined,
    meaning: "A stream that is there already; not set, the stack creates one.",
    tradeOff: "Its retention and encryption are then yours to set.",
  }),
} as const;

/** The parameters of a data stream that is created. */
const CREATED_STREAM_PARAMETERS = {
  streamMode: optional<"PROVISIONED" | "ON_DEMAND">({
    accepts: "PROVISIONED or ON_DEMAND",
    parse: oneOf("PROVISIONED", "ON_DEMAND"),
    defaultValue: "PROVISIONED",
    meaning: "Whether the created stream has a number of shards, or as many as it needs.",
    tradeOff: "ON_DEMAND reshards by itself; while it does, events without versions may be put out of order.",
  }),
  shardCount: optional({
    accepts: "an integer from 1 to 10000",
    parse: integer(1, 10_000),
    defaultValue: 1,
    meaning: "How many shards the created stream has, where it is PROVISIONED.",
    tradeOff: "A shard takes 1 MB or 1,000 records a second, and is paid for by the hour.",
  }),
  retentionHours: optional({
    accepts: "an integer from 24 to 8760",
    parse: integer(24, 8760),
    defaultValue: 168,
    meaning: "How many hours the created stream keeps a record.",
    tradeOff: "What expires before it was loaded is lost; more than 24 hours cost extra.",
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
