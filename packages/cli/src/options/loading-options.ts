// SPDX-License-Identifier: MIT
import { DEFAULT_ID_FIELD } from "@ledger-loader/core";
import type { OptionSpec } from "./command-spec";
import { CONNECTION_OPTIONS, type ConnectionOptions } from "../ledger/connection";
import { wholeNumber } from "./parse-options";
import { parseTargetName, type TargetName } from "./target-option";

/** The options of commands that send events somewhere. */
export interface LoadingOptions extends ConnectionOptions, IdFieldOptions {
  readonly to: TargetName;
  /** `false` after `--no-create-tables`. */
  readonly createTables: boolean;
  readonly startMidHistory?: true;
  readonly lenient?: true;
  readonly sessions: number;
  readonly maxDocumentBytes?: number;
  readonly maxTransactionDocuments?: number;
  readonly rejected?: string;
  readonly runId?: string;
  readonly aggregate?: true;
}

/** Where the ledger's documents keep the ids of events. */
export interface IdFieldOptions {
  readonly idField: string;
  readonly mapping?: string;
}

/** Declares {@link IdFieldOptions}, for every command that must know where ids are kept. */
export const ID_FIELD_OPTIONS: readonly OptionSpec[] = [
  {
    flags: "--id-field <name>",
    description: "the indexed field in which the ledger's documents keep the event's id",
    default: DEFAULT_ID_FIELD,
  },
  {
    flags: "--mapping <file>",
    description:
      'JSON that names this field table by table, {"Vehicle": "vin", "Person": "personId"}; --id-field is for all others, ' +
      "unless the mapping has a `*`",
  },
];

/** Declares {@link LoadingOptions}. */
export const LOADING_OPTIONS: readonly OptionSpec[] = [
  {
    flags: "--to <target>",
    description:
      "where the events go: `ledger:NAME` writes them into a ledger, `sqs:QUEUE-URL` sends them to a queue and `sns:TOPIC-ARN` to a topic (with the AWS SDK's " +
      "own settings, AWS_ENDPOINT_URL among them), `eventbridge:BUS` puts them on an event bus, `kafka:TOPIC` sends them to a topic (of the cluster that KAFKA_BROKERS and the other " +
      "settings of Kafka name), `kinesis:STREAM` to a Kinesis data stream",
    required: true,
    parse: parseTargetName,
  },
  ...ID_FIELD_OPTIONS,
  {
    flags: "--no-create-tables",
    description:
      "reject events of tables that are missing or lack the index, and create nothing (ledger only)",
  },
  {
    flags: "--start-mid-history",
    description:
      "accept records whose first event has a version above 0; the start is recorded (ledger only)",
  },
  {
    flags: "--lenient",
    description: "skip updates and deletions of records that are not there; for repair (ledger only)",
  },
  {
    flags: "--sessions <number>",
    description: "transactions at a time (ledger only)",
    default: 4,
    parse: wholeNumber("--sessions", 1, 1_500),
  },
  {
    flags: "--max-document-bytes <number>",
    description: "the ledger's limit for a document, where it was raised above QLDB's 131072 (ledger only)",
    parse: wholeNumber("--max-document-bytes", 1),
  },
  {
    flags: "--max-transaction-documents <number>",
    description:
      "the ledger's limit for the documents of a transaction, where it was raised above QLDB's 40 (ledger only)",
    parse: wholeNumber("--max-transaction-documents", 1),
  },
  {
    flags: "--rejected <file>",
    description:
      "write the rejected events there as Ion text, one per line, to be loaded again; the file holds their documents",
  },
  {
    flags: "--run-id <text>",
    description:
      "names the run (SQS and SNS only): a FIFO queue or topic swallows what is sent twice under one name within five minutes; else a new one",
  },
  {
    flags: "--aggregate",
    description: "packs many events into one record, as the Kinesis Producer Library does (Kinesis only)",
  },
  ...CONNECTION_OPTIONS,
];
