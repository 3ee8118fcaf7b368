// SPDX-License-Identifier: MIT
import { isIP } from "node:net";
import { parseBoolean } from "./parse-boolean";
import {
  type DeadLetterTarget,
  integer,
  parseDeadLetters,
  parseFieldMap,
  parseSecretArn,
  parseUrl,
} from "./setting-parsers";
import { QLDB_LIMITS } from "../writer/transaction-limits";

/** One setting: from it come the type, the environment parser and the reference page. */
export interface Setting<T> {
  /** The environment variable. */
  readonly name: string;
  /** Another name for it, read where the first is not set. */
  readonly alias?: string;
  /** What may stand there, for people. */
  readonly accepts: string;
  /** Whether the value must never be shown, not even where it is wrong. */
  readonly secret?: boolean;
  /** Reads the text; `undefined` where it is not what `accepts` says. */
  readonly parse: (text: string) => T | undefined;
  /** Writes a value as `parse` reads it. Default: `String(value)`. */
  readonly format?: (value: T & {}) => string;
  /** What holds where nothing is set. Absent: the setting is required. */
  readonly defaultValue?: T;
  /** What it does: one sentence. */
  readonly meaning: string;
  /** What is lost by changing it. */
  readonly tradeOff: string;
}

/** The levels of log lines, in order. `silent` logs nothing. */
export const LOG_LEVELS = ["debug", "info", "warn", "error", "silent"] as const;

/** One of {@link LOG_LEVELS}. */
export type LogLevel = (typeof LOG_LEVELS)[number];

function setting<T>(definition: Setting<T>): Setting<T> {
  return definition;
}

/** All settings of the loader, in the order of the reference page. Values keep the names of `LoaderConfig`. */
export const SETTINGS = {
  ledgerName: setting({
    name: "LEDGER_NAME",
    accepts: "1 to 32 letters, digits and hyphens",
    parse: (text) => (/^(?!.*--)(?!\d+$)(?!-)(?!.*-$)[A-Za-z0-9-]{1,32}$/.test(text) ? text : undefined),
    meaning: "The ledger that events are written to.",
    tradeOff: "None: it must be set.",
  }),
  ledgerRegion: setting({
    name: "LEDGER_REGION",
    alias: "AWS_REGION",
    accepts: "an AWS region",
    parse: (text) => (/^[a-z]{2}(-[a-z]+)+-\d$/.test(text) ? text : undefined),
    defaultValue: "us-east-1",
    meaning: "The region that requests are signed for.",
    tradeOff:
      "It must be the one that the ledger checks signatures with; a ledger without credentials takes any.",
  }),
  ledgerEndpoint: setting<string | undefined>({
    name: "LEDGER_ENDPOINT",
    accepts: "an http or https URL",
    parse: parseUrl,
    defaultValue: undefined,
    meaning: "The address of the ledger's Session API, where it is not AWS's own.",
    tradeOff: "Plain http sends documents in the clear: for this machine only.",
  }),
  ledgerCredentialsSecret: setting<string | undefined>({
    name: "LEDGER_CREDENTIALS_SECRET",
    accepts: "the ARN of a secret in AWS Secrets Manager",
    parse: parseSecretArn,
    defaultValue: undefined,
    meaning:
      "The secret with the ledger's own keys, `{accessKeyId, secretAccessKey}` in JSON, with which requests are signed.",
    tradeOff:
      "Read at cold start and again every few minutes: a rotated key works once it was read, so the old one must stay valid as long. Functions alone read it. Not set, requests are signed with LEDGER_ACCESS_KEY_ID, else with the credentials of the function or worker.",
  }),
  ledgerAccessKeyId: setting<string | undefined>({
    name: "LEDGER_ACCESS_KEY_ID",
    accepts: "the id of a key that the ledger knows",
    parse: (text) => (/^[\w-]{1,128}$/.test(text) ? text : undefined),
    defaultValue: undefined,
    meaning:
      "The key with which requests to the ledger are signed, for workers and commands whose channel has credentials of its own.",
    tradeOff:
      "Only together with LEDGER_SECRET_ACCESS_KEY. Not set, requests to the ledger and to AWS are signed with the same credentials.",
  }),
  ledgerSecretAccessKey: setting<string | undefined>({
    name: "LEDGER_SECRET_ACCESS_KEY",
    accepts: "the secret of that key",
    parse: (text) => (/^\S+$/.test(text) ? text : undefined),
    secret: true,
    defaultValue: undefined,
    meaning: "The secret of the key that LEDGER_ACCESS_KEY_ID names.",
    tradeOff: "A new key needs a restart.",
  }),
  sessionsMax: setting({
    name: "MAX_SESSIONS_PER_LAMBDA",
    alias: "MAX_SESSIONS",
    accepts: "an integer from 1 to 1500",
    parse: integer(1, 1500),
    defaultValue: 10,
    meaning: "How many transactions run at the same time.",
    tradeOff:
      "More hide the network's delay, but take sessions from others and conflict more often on hot tables.",
  }),
  occRetriesMax: setting({
    name: "MAX_OCC_RETRIES",
    accepts: "an integer from 0 to 100",
    parse: integer(0, 100),
    defaultValue: 8,
    meaning: "How often a transaction is rerun after a concurrent one changed what it had read.",
    tradeOff: "Fewer give events back to the channel sooner; more keep a busy function waiting.",
  }),
  strictness: setting<"strict" | "lenient">({
    name: "STRICT_MODE",
    accepts: "true or false",
    parse: (text) => ({ true: "strict" as const, false: "lenient" as const })[String(parseBoolean(text))],
    format: (strictness) => String(strictness === "strict"),
    defaultValue: "strict",
    meaning:
      "Whether updates and deletions of documents that are not there are rejected (true) or skipped (false).",
    tradeOff:
      "Lenient mode is for repair: what it skips is not in the ledger, and the delivery guarantee does not hold.",
  }),
  startMidHistory: setting({
    name: "START_MID_HISTORY",
    accepts: "true or false",
    parse: parseBoolean,
    defaultValue: false,
    meaning:
      "Whether a record that the ledger does not know may start at any version, which is then recorded; with positions, with an update.",
    tradeOff:
      "Over a channel that reorders, a record can start too late: its earlier versions are rejected, its earlier positions superseded.",
  }),
  requireId: setting({
    name: "REQUIRE_ID",
    accepts: "true or false",
    parse: parseBoolean,
    defaultValue: false,
    meaning: "Whether events without an id are rejected.",
    tradeOff: "Without ids nothing is recognized as a repetition: a redelivered INSERT is a second document.",
  }),
  allowUnordered: setting({
    name: "ALLOW_UNORDERED",
    accepts: "true or false",
    parse: parseBoolean,
    defaultValue: false,
    meaning:
      "Whether events with neither version nor position are loaded from SNS and EventBridge, which keep no order.",
    tradeOff:
      "Such an event, delivered late or again, puts old content over new and inserts deleted records anew.",
  }),
  createTables: setting({
    name: "CREATE_TABLES",
    accepts: "true or false",
    parse: parseBoolean,
    defaultValue: false,
    meaning: "Whether missing tables and indexes are created; the loader's own bookkeeping table always is.",
    tradeOff: "A mistyped table name makes a table, and QLDB keeps dropped ones in its quota for ever.",
  }),
  revisionWriter: setting({
    name: "REVISION_WRITER",
    accepts: "BaseRevisionWriter, TableMapperRevisionWriter or module#export",
    parse: (text) => (/^(\w+|[^#]+#\w+)$/.test(text) ? text : undefined),
    defaultValue: "BaseRevisionWriter",
    meaning:
      "How documents are found and shaped: a built-in writer, or one exported by a module. A module is code: it runs with all " +
      "rights of this process, so whoever can set this variable or write the module's file can run programs.",
    tradeOff: "A writer that reads or writes by itself handles one event per transaction.",
  }),
  idField: setting({
    name: "ID_FIELD",
    accepts: "the name of a field",
    parse: (text) => (/^[A-Za-z_]\w{0,127}$/.test(text) ? text : undefined),
    defaultValue: "oldDocumentId",
    meaning: "The indexed field in which BaseRevisionWriter keeps the event's id.",
    tradeOff: "Another name for a ledger that is loaded already finds none of its documents.",
  }),
  tableIdFields: setting<Readonly<Record<string, string>>>({
    name: "TABLE_ID_FIELDS",
    accepts: "table=field pairs with commas between; * stands for the other tables",
    parse: parseFieldMap,
    format: (fields) =>
      Object.entries(fields)
        .map(([table, field]) => `${table}=${field}`)
        .join(","),
    defaultValue: { "*": "oldDocumentId" },
    meaning: "The id field of each table for TableMapperRevisionWriter.",
    tradeOff:
      "A natural key saves a field and an index, but ties identity to a value that people may correct.",
  }),
  tableIdFieldsFile: setting<string | undefined>({
    name: "TABLE_ID_FIELDS_FILE",
    accepts: "the path of a file, JSON or Ion, or Java properties if its name ends with .properties",
    parse: (text) => text,
    defaultValue: undefined,
    meaning:
      'The file with the id field of each table, `{"Vehicle": "VIN", "*": "oldDocumentId"}`. It takes the place of TABLE_ID_FIELDS.',
    tradeOff:
      "For many tables: Lambda limits all variables of a function to 4 KB together. The file must be there at cold start.",
  }),
  eventsPerTransactionMax: setting({
    name: "EVENTS_PER_TRANSACTION_MAX",
    accepts: "an integer from 1 to 1000",
    parse: integer(1, 1000),
    defaultValue: 200,
    meaning:
      "How many events one ledger transaction may judge; the ledger's limits decide how many it writes.",
    tradeOff: "1 is the Java loader's way: simpler journals, a fraction of the throughput.",
  }),
  documentBytesMax: setting({
    name: "DOCUMENT_BYTES_MAX",
    accepts: "an integer from 1024 to 4194304",
    parse: integer(1024, 4 * 1024 * 1024),
    defaultValue: QLDB_LIMITS.documentBytesMax,
    meaning: "The largest document that the ledger takes, in bytes of Ion binary.",
    tradeOff: "QLDB's own limit is the default; a ledger must be told to take more before the loader is.",
  }),
  documentsPerTransactionMax: setting({
    name: "DOCUMENTS_PER_TRANSACTION_MAX",
    accepts: "an integer from 1 to 100000",
    parse: integer(1, 100_000),
    defaultValue: QLDB_LIMITS.documentsMax,
    meaning: "How many documents the ledger takes in one transaction, the loader's own bookkeeping included.",
    tradeOff: "QLDB's own limit is the default; a ledger must be told to take more before the loader is.",
  }),
  deadLetters: setting<DeadLetterTarget | undefined>({
    name: "DEAD_LETTERS",
    accepts: "sqs:QUEUE-URL of a standard queue, or file:PATH",
    parse: parseDeadLetters,
    format: (target) => (target.kind === "sqs" ? `sqs:${target.queueUrl}` : `file:${target.path}`),
    defaultValue: undefined,
    meaning:
      "Where deliveries are parked that cannot be applied; not set, they are handed back to the channel.",
    tradeOff:
      "Parking keeps bad events from holding up good ones, but somebody must look: set an alarm on what is parked.",
  }),
  parkWaitMs: setting({
    name: "PARK_WAIT_MS",
    accepts: "an integer from 0 to 43200000",
    parse: integer(0, 43_200_000),
    defaultValue: 300_000,
    meaning:
      "How many milliseconds an event may wait, such as for a missing predecessor, before it is parked.",
    tradeOff:
      "Longer needs fewer redrives after reordering; on a stream, whatever follows in the shard waits as long. 0 parks at once.",
  }),
  mapping: setting<string | undefined>({
    name: "MAPPING",
    accepts: "debezium, maxwell, dms, dynamodb, or the path of a mapping file, JSON or Ion",
    parse: (text) => text,
    defaultValue: undefined,
    meaning:
      "How records of another form become events: see the guide to mappings. Not set, records are events.",
    tradeOff:
      "Another mapping makes other events of the same records: what was loaded before is no longer recognized.",
  }),
  maskingFile: setting<string | undefined>({
    name: "MASKING_FILE",
    accepts: "the path of a file of masking rules, JSON or Ion",
    parse: (text) => text,
    defaultValue: undefined,
    meaning: "What is dropped, hashed, replaced or renamed before it is written; see the guide to masking.",
    tradeOff: "Other rules make other content: what was loaded before is no longer recognized as the same.",
  }),
  maskingKey: setting<string | undefined>({
    name: "MASKING_KEY",
    accepts: "32 or more characters",
    parse: (text) => (text.length >= 32 ? text : undefined),
    secret: true,
    defaultValue: undefined,
    meaning: "The secret for masking rules that hash.",
    tradeOff:
      "Who has it can test guesses; without it no redelivery is recognized. Keep it, and keep it secret.",
  }),
  maskingKeySecret: setting<string | undefined>({
    name: "MASKING_KEY_SECRET",
    accepts: "the ARN of a secret in AWS Secrets Manager",
    parse: parseSecretArn,
    defaultValue: undefined,
    meaning: "The secret whose text is the masking key; it takes the place of MASKING_KEY.",
    tradeOff: "Read once at cold start: with another key nothing that was hashed before is recognized.",
  }),
  metricsNamespace: setting<string | undefined>({
    name: "METRICS_NAMESPACE",
    accepts: "1 to 255 letters, digits and .-_/#:",
    parse: (text) => (/^[\w.\-/#:]{1,255}$/.test(text) ? text : undefined),
    defaultValue: undefined,
    meaning: "The CloudWatch namespace of a Lambda function's metrics; not set, it writes none.",
    tradeOff: "AWS charges for each metric and combination of labels.",
  }),
  logLevel: setting<LogLevel>({
    name: "LOG_LEVEL",
    accepts: LOG_LEVELS.join(", "),
    parse: (text) => LOG_LEVELS.find((level) => level === text.toLowerCase()),
    defaultValue: "info",
    meaning:
      "The least severe level that functions and workers log. Lines hold ids and outcomes, never documents.",
    tradeOff:
      "Above info, skipped events and the summary of each batch are missing; above warn, rejected events too.",
  }),
  healthHost: setting({
    name: "HEALTH_HOST",
    accepts: "an IP address",
    parse: (text) => (isIP(text) > 0 ? text : undefined),
    defaultValue: "127.0.0.1",
    meaning: "The address on which a worker answers /health and /metrics.",
    tradeOff: "0.0.0.0 lets a container's orchestrator ask, and everybody else who reaches the port.",
  }),
  healthPort: setting({
    name: "HEALTH_PORT",
    accepts: "an integer from 0 to 65535",
    parse: integer(0, 65_535),
    defaultValue: 9464,
    meaning: "The port on which a worker answers /health and /metrics; 0 takes any that is free.",
    tradeOff: "Two workers on one machine need two ports.",
  }),
  stalledAfterMs: setting({
    name: "STALLED_AFTER_MS",
    accepts: "an integer from 1000 to 43200000",
    parse: integer(1_000, 43_200_000),
    defaultValue: 300_000,
    meaning: "How many milliseconds a batch may take before a worker says that it is unhealthy.",
    tradeOff: "Too short, and a worker that waits for a large transaction is restarted in vain.",
  }),
  drainTimeoutMs: setting({
    name: "DRAIN_TIMEOUT_MS",
    accepts: "an integer from 0 to 600000",
    parse: integer(0, 600_000),
    defaultValue: 25_000,
    meaning: "How many milliseconds a worker has to finish what is under way after SIGTERM.",
    tradeOff: "It must end before the orchestrator kills, 30 seconds after SIGTERM unless told otherwise.",
  }),
} as const;
