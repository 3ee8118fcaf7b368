// SPDX-License-Identifier: MIT
import { isIP } from "node:net";
import { LOG_FORMATS, LOG_LEVELS, type LogFormat, type LogLevel } from "../observe/log-forms";
import { LOG_IDS, type LogIds } from "../observe/record-name";
import { parseBoolean } from "./parse-boolean";
import {
  type DeadLetterTarget,
  integer,
  formatDeadLetters,
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
  /** The accepted values, for people. */
  readonly accepts: string;
  /** True if the value must never be shown, not even where it is wrong. */
  readonly secret?: boolean;
  /** Reads the text; `undefined` where it is not what `accepts` says. */
  readonly parse: (text: string) => T | undefined;
  /** Writes a value as `parse` reads it. Default: `String(value)`. */
  readonly format?: (value: T & {}) => string;
  /** The value if nothing is set. Absent: the setting is required. */
  readonly defaultValue?: T;
  /** The purpose: one sentence. */
  readonly meaning: string;
  /** The cost of changing it. */
  readonly tradeOff: string;
}

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
    tradeOff: "A ledger that checks signatures must have the same one.",
  }),
  ledgerEndpoint: setting<string | undefined>({
    name: "LEDGER_ENDPOINT",
    accepts: "an http or https URL",
    parse: parseUrl,
    defaultValue: undefined,
    meaning: "The address of the ledger's Session API.",
    tradeOff: "Plain http sends documents in the clear: for this machine only.",
  }),
  ledgerCredentialsSecret: setting<string | undefined>({
    name: "LEDGER_CREDENTIALS_SECRET",
    accepts: "the ARN of a secret in AWS Secrets Manager",
    parse: parseSecretArn,
    defaultValue: undefined,
    meaning:
      "The secret with the ledger's keys, `{accessKeyId, secretAccessKey}` in JSON, which sign requests of functions.",
    tradeOff:
      "They read it every few minutes: after a rotation the old key must stay valid as long. Without a secret, LEDGER_ACCESS_KEY_ID signs, else the credentials of the function or worker.",
  }),
  ledgerAccessKeyId: setting<string | undefined>({
    name: "LEDGER_ACCESS_KEY_ID",
    accepts: "the id of a key that the ledger knows",
    parse: (text) => (/^[\w-]{1,128}$/.test(text) ? text : undefined),
    defaultValue: undefined,
    meaning:
      "The ledger's key, which signs requests to the ledger in place of the credentials of AWS, with LEDGER_SECRET_ACCESS_KEY.",
    tradeOff: "None.",
  }),
  ledgerSecretAccessKey: setting<string | undefined>({
    name: "LEDGER_SECRET_ACCESS_KEY",
    accepts: "the secret of that key",
    parse: (text) => (/^\S+$/.test(text) ? text : undefined),
    secret: true,
    defaultValue: undefined,
    meaning: "The secret of LEDGER_ACCESS_KEY_ID.",
    tradeOff: "A new key needs a restart.",
  }),
  sessionsMax: setting({
    name: "MAX_SESSIONS_PER_LAMBDA",
    alias: "MAX_SESSIONS",
    accepts: "an integer from 1 to 1500",
    parse: integer(1, 1500),
    defaultValue: 10,
    meaning: "The number of concurrent transactions.",
    tradeOff: "More are faster, but conflict more often on hot tables.",
  }),
  occRetriesMax: setting({
    name: "MAX_OCC_RETRIES",
    accepts: "an integer from 0 to 100",
    parse: integer(0, 100),
    defaultValue: 8,
    meaning: "How often a transaction runs again after a conflict.",
    tradeOff: "Fewer give events back to the channel sooner.",
  }),
  strictness: setting<"strict" | "lenient">({
    name: "STRICT_MODE",
    accepts: "true or false",
    parse: (text) => ({ true: "strict" as const, false: "lenient" as const })[String(parseBoolean(text))],
    format: (strictness) => String(strictness === "strict"),
    defaultValue: "strict",
    meaning: "Rejects updates and deletions of missing documents (true), or skips them (false).",
    tradeOff: "Lenient mode is for repair: the delivery guarantee does not hold.",
  }),
  startMidHistory: setting({
    name: "START_MID_HISTORY",
    accepts: "true or false",
    parse: parseBoolean,
    defaultValue: false,
    meaning:
      "Lets an unknown record start at any version, which is recorded, or with an update that has a position.",
    tradeOff: "Over a channel that reorders, earlier events can then be refused.",
  }),
  requireId: setting({
    name: "REQUIRE_ID",
    accepts: "true or false",
    parse: parseBoolean,
    defaultValue: false,
    meaning: "Rejects events without an id.",
    tradeOff: "A redelivered INSERT without an id is a second document.",
  }),
  allowUnordered: setting({
    name: "ALLOW_UNORDERED",
    accepts: "true or false",
    parse: parseBoolean,
    defaultValue: false,
    meaning: "Loads events without version and position from SNS and EventBridge, which keep no order.",
    tradeOff: "A late or repeated event can replace new content and bring deleted records back.",
  }),
  createTables: setting({
    name: "CREATE_TABLES",
    accepts: "true or false",
    parse: parseBoolean,
    defaultValue: false,
    meaning: "Creates missing tables and indexes. The bookkeeping table is always created.",
    tradeOff: "A mistyped name makes a table, and QLDB counts dropped tables in its quota.",
  }),
  revisionWriter: setting({
    name: "REVISION_WRITER",
    accepts: "BaseRevisionWriter, TableMapperRevisionWriter or module#export",
    parse: (text) => (/^(\w+|[^#]+#\w+)$/.test(text) ? text : undefined),
    defaultValue: "BaseRevisionWriter",
    meaning:
      "How documents are found and shaped: a built-in writer, or one of a module, which runs with all rights of this process.",
    tradeOff: "A writer that reads or writes by itself handles one event per transaction.",
  }),
  idField: setting({
    name: "ID_FIELD",
    accepts: "the name of a field",
    parse: (text) => (/^[A-Za-z_]\w{0,127}$/.test(text) ? text : undefined),
    defaultValue: "oldDocumentId",
    meaning: "The indexed field in which BaseRevisionWriter keeps the event's id.",
    tradeOff: "With another name, the documents of a loaded ledger are not found.",
  }),
  tableIdFields: setting<Readonly<Record<string, string>>>({
    name: "TABLE_ID_FIELDS",
    accepts: "table=field pairs with commas between, * for the other tables",
    parse: parseFieldMap,
    format: (fields) =>
      Object.entries(fields)
        .map(([table, field]) => `${table}=${field}`)
        .join(","),
    defaultValue: { "*": "oldDocumentId" },
    meaning: "The id field of each table for TableMapperRevisionWriter.",
    tradeOff: "A natural key saves a field and an index, but people may correct its value.",
  }),
  tableIdFieldsFile: setting<string | undefined>({
    name: "TABLE_ID_FIELDS_FILE",
    accepts: "the path of a file, JSON or Ion, or Java properties if its name ends with .properties",
    parse: (text) => text,
    defaultValue: undefined,
    meaning:
      'The file with the id field of each table, `{"Vehicle": "VIN", "*": "oldDocumentId"}`, in place of TABLE_ID_FIELDS.',
    tradeOff: "For many tables: Lambda limits all variables together to 4 KB.",
  }),
  eventsPerTransactionMax: setting({
    name: "EVENTS_PER_TRANSACTION_MAX",
    accepts: "an integer from 1 to 1000",
    parse: integer(1, 1000),
    defaultValue: 200,
    meaning: "How many events one ledger transaction may judge.",
    tradeOff: "1 is the Java loader's way, at a fraction of the throughput.",
  }),
  documentBytesMax: setting({
    name: "DOCUMENT_BYTES_MAX",
    accepts: "an integer from 1024 to 4194304",
    parse: integer(1024, 4 * 1024 * 1024),
    defaultValue: QLDB_LIMITS.documentBytesMax,
    meaning: "The largest document that the ledger takes, in bytes of Ion binary.",
    tradeOff: "Raise the ledger's own limit first.",
  }),
  documentsPerTransactionMax: setting({
    name: "DOCUMENTS_PER_TRANSACTION_MAX",
    accepts: "an integer from 1 to 100000",
    parse: integer(1, 100_000),
    defaultValue: QLDB_LIMITS.documentsMax,
    meaning: "How many documents the ledger takes in one transaction, bookkeeping included.",
    tradeOff: "Raise the ledger's own limit first.",
  }),
  deadLetters: setting<DeadLetterTarget | undefined>({
    name: "DEAD_LETTERS",
    accepts: "sqs:QUEUE-URL of a standard queue, or file:PATH",
    parse: parseDeadLetters,
    format: formatDeadLetters,
    defaultValue: undefined,
    meaning: "Where deliveries are parked that cannot be applied. Without it, the channel gets them back.",
    tradeOff: "A parked event is not in the ledger: set an alarm.",
  }),
  receipts: setting<DeadLetterTarget | undefined>({
    name: "RECEIPTS",
    accepts: "sqs:QUEUE-URL of a standard queue, or file:PATH",
    parse: parseDeadLetters,
    format: formatDeadLetters,
    defaultValue: undefined,
    meaning: "Where functions and workers keep a receipt of each event that has ended.",
    tradeOff: "Costs reads of the ledger. While the place takes no receipts, nothing is acknowledged.",
  }),
  parkWaitMs: setting({
    name: "PARK_WAIT_MS",
    accepts: "an integer from 0 to 43200000",
    parse: integer(0, 43_200_000),
    defaultValue: 300_000,
    meaning:
      "How many milliseconds an event may wait, such as for a missing predecessor, before it is parked. 0 parks immediately.",
    tradeOff: "Longer needs fewer redrives, but a stream's shard waits as long.",
  }),
  mapping: setting<string | undefined>({
    name: "MAPPING",
    accepts: "debezium, maxwell, dms, dynamodb, or the path of a mapping file, JSON or Ion",
    parse: (text) => text,
    defaultValue: undefined,
    meaning: "How records of another form become events: see the guide to mappings.",
    tradeOff: "After a change of the mapping, events that were loaded before are not recognized.",
  }),
  maskingFile: setting<string | undefined>({
    name: "MASKING_FILE",
    accepts: "the path of a file of masking rules, JSON or Ion",
    parse: (text) => text,
    defaultValue: undefined,
    meaning: "The rules that drop, hash, replace or rename fields before writing: see the guide to masking.",
    tradeOff: "After a change of the rules, events that were loaded before are not recognized.",
  }),
  maskingKey: setting<string | undefined>({
    name: "MASKING_KEY",
    accepts: "32 or more characters",
    parse: (text) => (text.length >= 32 ? text : undefined),
    secret: true,
    defaultValue: undefined,
    meaning: "The secret for masking rules that hash.",
    tradeOff: "A person who has it can test guesses. Without it no redelivery is recognized: keep it.",
  }),
  maskingKeySecret: setting<string | undefined>({
    name: "MASKING_KEY_SECRET",
    accepts: "the ARN of a secret in AWS Secrets Manager",
    parse: parseSecretArn,
    defaultValue: undefined,
    meaning: "The secret whose text is the masking key, in place of MASKING_KEY.",
    tradeOff: "Read once at cold start.",
  }),
  metricsNamespace: setting<string | undefined>({
    name: "METRICS_NAMESPACE",
    accepts: "1 to 255 letters, digits and .-_/#:",
    parse: (text) => (/^[\w.\-/#:]{1,255}$/.test(text) ? text : undefined),
    defaultValue: undefined,
    meaning: "The CloudWatch namespace of a function's metrics.",
    tradeOff: "Without it, none are written. AWS charges for each.",
  }),
  logLevel: setting<LogLevel>({
    name: "LOG_LEVEL",
    accepts: LOG_LEVELS.join(", "),
    parse: (text) => LOG_LEVELS.find((level) => level === text.toLowerCase()),
    defaultValue: "info",
    meaning: "The least severe lines of the log, which holds ids and outcomes, never documents.",
    tradeOff: "Above info, skipped events and batches are missing. Above warn, rejected events too.",
  }),
  logIds: setting<LogIds>({
    name: "LOG_IDS",
    accepts: LOG_IDS.join(" or "),
    parse: (text) => LOG_IDS.find((form) => form === text.toLowerCase()),
    defaultValue: "plain",
    meaning: "How log lines show the id of a record: as it is after masking, or as a short hash.",
    tradeOff: "Without a masking key, a reader can check a guess.",
  }),
  logFormat: setting<LogFormat>({
    name: "LOG_FORMAT",
    accepts: LOG_FORMATS.join(", "),
    parse: (text) => LOG_FORMATS.find((form) => form === text.toLowerCase()),
    defaultValue: "auto",
    meaning: "The form of log lines.",
    tradeOff: "With auto: text at a terminal, JSON elsewhere. Functions write JSON.",
  }),
  healthHost: setting({
    name: "HEALTH_HOST",
    accepts: "an IP address",
    parse: (text) => (isIP(text) > 0 ? text : undefined),
    defaultValue: "127.0.0.1",
    meaning: "The address on which a worker answers /health and /metrics.",
    tradeOff: "With 0.0.0.0 everyone who reaches the port can read them.",
  }),
  healthPort: setting({
    name: "HEALTH_PORT",
    accepts: "an integer from 0 to 65535",
    parse: integer(0, 65_535),
    defaultValue: 9464,
    meaning: "The port on which a worker answers /health and /metrics. 0 takes a free one.",
    tradeOff: "None: two workers on one machine need two ports.",
  }),
  stalledAfterMs: setting({
    name: "STALLED_AFTER_MS",
    accepts: "an integer from 1000 to 43200000",
    parse: integer(1_000, 43_200_000),
    defaultValue: 300_000,
    meaning: "After how many milliseconds of one batch a worker is unhealthy.",
    tradeOff: "Large transactions need time.",
  }),
  drainTimeoutMs: setting({
    name: "DRAIN_TIMEOUT_MS",
    accepts: "an integer from 0 to 600000",
    parse: integer(0, 600_000),
    defaultValue: 25_000,
    meaning: "How many milliseconds a worker has to finish its batches after SIGTERM.",
    tradeOff: "It must end before the orchestrator kills, usually after 30 seconds.",
  }),
} as const;
