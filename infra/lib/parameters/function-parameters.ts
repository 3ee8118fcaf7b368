// SPDX-License-Identifier: MIT
import { SETTINGS } from "@ledger-loader/core";
import { PRESETS } from "@ledger-loader/mapping";
import { RetentionDays } from "aws-cdk-lib/aws-logs";
import {
  boolean,
  fromSetting,
  integer,
  list,
  oneOf,
  optional,
  required,
  text,
  texts,
  type ParameterValues,
} from "./parameter";
import { parseSourceExport, type SourceExport } from "../constructs/source-export";

const LOG_RETENTION_DAYS = Object.values(RetentionDays).filter((days) => typeof days === "number");
const BUILT_IN_WRITERS = ["BaseRevisionWriter", "TableMapperRevisionWriter"] as const;

/** A writer of the package, by its name, or one of the user's own. */
export type WriterChoice = (typeof BUILT_IN_WRITERS)[number] | SourceExport;

/** Which ledger is written to, and how it is reached. */
const LEDGER_PARAMETERS = {
  ledgerName: required<string>(fromSetting<string>(SETTINGS.ledgerName)),
  ledgerRegion: optional<string | undefined>({
    ...fromSetting(SETTINGS.ledgerRegion),
    defaultValue: undefined,
    meaning: "The region that requests to the ledger are signed for. Default: the region of the stack.",
  }),
  ledgerEndpoint: fromSetting(SETTINGS.ledgerEndpoint),
  ledgerCredentialsSecret: fromSetting(SETTINGS.ledgerCredentialsSecret),
  allowHttp: optional({
    accepts: "true or false",
    parse: boolean,
    defaultValue: false,
    meaning: "Allows an http URL in ledgerEndpoint: documents and signatures cross the network in the clear.",
    tradeOff: "None.",
  }),
} as const;

/** How events are written: the loader's settings that a deployment passes on as they are. */
const WRITING_PARAMETERS = {
  sessionsMax: fromSetting(SETTINGS.sessionsMax),
  occRetriesMax: fromSetting(SETTINGS.occRetriesMax),
  strictness: optional({
    ...fromSetting(SETTINGS.strictness),
    accepts: "strict or lenient, as a flag also true or false",
  }),
  startMidHistory: fromSetting(SETTINGS.startMidHistory),
  requireId: fromSetting(SETTINGS.requireId),
  createTables: fromSetting(SETTINGS.createTables),
  idField: fromSetting(SETTINGS.idField),
  tableIdFields: fromSetting(SETTINGS.tableIdFields),
  eventsPerTransactionMax: fromSetting(SETTINGS.eventsPerTransactionMax),
  documentBytesMax: fromSetting(SETTINGS.documentBytesMax),
  documentsPerTransactionMax: fromSetting(SETTINGS.documentsPerTransactionMax),
  parkWaitMs: fromSetting(SETTINGS.parkWaitMs),
  metricsNamespace: fromSetting(SETTINGS.metricsNamespace),
  logLevel: fromSetting(SETTINGS.logLevel),
  logIds: fromSetting(SETTINGS.logIds),
} as const;

/** The loader's settings, whatever its channel. */
export const LOADER_PARAMETERS = { ...LEDGER_PARAMETERS, ...WRITING_PARAMETERS } as const;

/** How every function is made, whatever its channel. */
const RUNTIME_PARAMETERS = {
  revisionWriter: optional<WriterChoice>({
    accepts: `${BUILT_IN_WRITERS.join(", ")}, or { entry: "./file.ts", export: "Name" }`,
    parse: (value) => BUILT_IN_WRITERS.find((name) => name === value) ?? parseSourceExport(value),
    defaultValue: "BaseRevisionWriter",
    meaning: "How documents are found and shaped: a built-in writer, or your own, which is bundled.",
    tradeOff: SETTINGS.revisionWriter.tradeOff,
  }),
  mapping: optional<string | undefined>({
    accepts: `${PRESETS.join(", ")}, or the path of a mapping file, JSON or Ion`,
    parse: text(/./),
    defaultValue: undefined,
    meaning: "How records of another form become events. A file is bundled.",
    tradeOff: SETTINGS.mapping.tradeOff,
  }),
  maskingFile: optional<string | undefined>({
    accepts: "the path of a file of masking rules, JSON or Ion",
    parse: text(/./),
    defaultValue: undefined,
    meaning: "The rules that drop, hash, replace or rename fields before writing. The file is bundled.",
    tradeOff: SETTINGS.maskingFile.tradeOff,
  }),
  tableIdFieldsFile: optional<string | undefined>({
    accepts: SETTINGS.tableIdFieldsFile.accepts,
    parse: text(/./),
    defaultValue: undefined,
    meaning: "The file with the id field of each table, in place of tableIdFields. The file is bundled.",
    tradeOff: "For many tables: Lambda limits all variables together to 4 KB.",
  }),
  memoryMb: optional({
    accepts: "an integer from 256 to 10240",
    parse: integer(256, 10_240),
    defaultValue: 1769,
    meaning: "The function's memory in MB. Lambda gives CPU in proportion: 1769 is one core.",
    tradeOff: "Less is cheaper per second and slower.",
  }),
  timeoutSeconds: optional({
    accepts: "an integer from 35 to 900",
    parse: integer(35, 900),
    defaultValue: 120,
    meaning: "The time limit of an invocation.",
    tradeOff: "A transaction may take 30 seconds, and a batch several transactions.",
  }),
  provisionedConcurrency: optional({
    accepts: "an integer from 0 to 1000",
    parse: integer(0, 1000),
    defaultValue: 0,
    meaning: "Instances of the function that are kept ready.",
    tradeOff: "Saves cold starts of half a second, and costs by the hour.",
  }),
  reservedConcurrency: optional<number | undefined>({
    accepts: "an integer from 1 to 1000",
    parse: integer(1, 1000),
    defaultValue: undefined,
    meaning: "The most concurrent instances.",
    tradeOff: "Instances times sessions must fit the ledger. For queues prefer concurrencyMax.",
  }),
  logRetentionDays: optional({
    accepts: `one of ${LOG_RETENTION_DAYS.join(", ")}`,
    parse: (value) => LOG_RETENTION_DAYS.find((days) => String(days) === String(value)),
    defaultValue: RetentionDays.ONE_MONTH,
    meaning: "How many days the log is kept.",
    tradeOff: "None.",
  }),
  tracing: optional({
    accepts: "true or false",
    parse: boolean,
    defaultValue: false,
    meaning: "Traces invocations with AWS X-Ray.",
    tradeOff: "None.",
  }),
  architecture: optional<"x86_64" | "arm64">({
    accepts: "x86_64 or arm64",
    parse: oneOf("x86_64", "arm64"),
    defaultValue: "x86_64",
    meaning: "The processors of the function. arm64 is cheaper.",
    tradeOff: "Build your native code for it.",
  }),
  environment: optional<Readonly<Record<string, string>> | undefined>({
    accepts: "variables by name",
    parse: texts(/^[A-Za-z][A-Za-z0-9_]+$/),
    defaultValue: undefined,
    meaning: "Environment variables for your own writer or mapper.",
    tradeOff: "No secrets: readers of the function's configuration see them.",
  }),
  alarms: optional({
    accepts: "true or false",
    parse: boolean,
    defaultValue: true,
    meaning: "Creates the alarms.",
    tradeOff: "Without them no one learns of refused events.",
  }),
  lagMaxSeconds: optional<number | undefined>({
    accepts: "an integer from 60 to 1209600",
    parse: integer(60, 1_209_600),
    defaultValue: undefined,
    meaning: "The age of a loaded event that raises an alarm, with metricsNamespace.",
    tradeOff: "The first load of old events raises it.",
  }),
  removalPolicy: optional<"retain" | "destroy">({
    accepts: "retain or destroy",
    parse: oneOf("retain", "destroy"),
    defaultValue: "retain",
    meaning:
      "Keeps or deletes created queues, buckets and streams, waiting events included, when the stack is deleted.",
    tradeOff: "A bucket that is not empty stays.",
  }),
} as const;

/** The parameters of every function, whatever its channel, apart from resources that exist already. */
export const COMMON_PARAMETERS = { ...WRITING_PARAMETERS, ...RUNTIME_PARAMETERS } as const;

const STANDARD_QUEUE = {
  accepts: "the ARN of a standard SQS queue",
  parse: text(/^arn:[\w-]+:sqs:[\w-]+:\d{12}:(?!.*\.fifo$)[\w-]+$/),
};

/** Resources that exist already, and the stack itself. */
const RESOURCE_PARAMETERS = {
  maskingKeySecret: fromSetting(SETTINGS.maskingKeySecret),
  vpcId: optional<string | undefined>({
    accepts: "the id of a VPC",
    parse: text(/^vpc-[0-9a-f]{8,17}$/),
    defaultValue: undefined,
    meaning: "The VPC of the function, with subnetIds.",
    tradeOff: "SQS and Secrets Manager then need interface endpoints or a NAT gateway.",
  }),
  subnetIds: optional<readonly string[] | undefined>({
    accepts: "ids of subnets",
    parse: list(/^subnet-[0-9a-f]{8,17}$/),
    defaultValue: undefined,
    meaning: "The private subnets of the function, with vpcId, in several availability zones.",
    tradeOff: "None.",
  }),
  securityGroupIds: optional<readonly string[] | undefined>({
    accepts: "ids of security groups",
    parse: list(/^sg-[0-9a-f]{8,17}$/),
    defaultValue: undefined,
    meaning: "The function's security groups. Default: a new one for outgoing calls only.",
    tradeOff: "None.",
  }),
  alarmTopicArn: optional<string | undefined>({
    accepts: "the ARN of an SNS topic",
    parse: text(/^arn:[\w-]+:sns:[\w-]+:\d{12}:[\w-]+$/),
    defaultValue: undefined,
    meaning: "Where the alarms are sent. Default: they only show in CloudWatch.",
    tradeOff: "None: without it someone must look.",
  }),
  deadLetterQueueArn: optional<string | undefined>({
    ...STANDARD_QUEUE,
    defaultValue: undefined,
    meaning: "Where the loader parks events that cannot be applied. Default: the stack creates a queue.",
    tradeOff: "A queue of several loaders is redriven as one.",
  }),
  receiptQueueArn: optional<string | undefined>({
    ...STANDARD_QUEUE,
    defaultValue: undefined,
    meaning: "The queue that gets a receipt of each event that has ended.",
    tradeOff: SETTINGS.receipts.tradeOff,
  }),
  encryptionKeyArn: optional<string | undefined>({
    accepts: "the ARN of a KMS key",
    parse: text(/^arn:[\w-]+:kms:[\w-]+:\d{12}:key\/[\w-]+$/),
    defaultValue: undefined,
    meaning:
      "The key that encrypts created queues, topics, streams, buckets, logs and variables. Default: AWS's own.",
    tradeOff: "The key's policy must allow the services that synthesis names.",
  }),
  tags: optional<Readonly<Record<string, string>> | undefined>({
    accepts: "tags by key",
    parse: texts(/^(?!aws:)[\w .:/=+@-]{1,128}$/),
    defaultValue: undefined,
    meaning: "Tags of the stack and of everything in it.",
    tradeOff: "None.",
  }),
} as const;

/** How the function is made, and what it is given, whatever its channel. */
export const FUNCTION_PARAMETERS = { ...RUNTIME_PARAMETERS, ...RESOURCE_PARAMETERS } as const;

/** The values that every loader has, whatever its channel. */
export type LoaderValues = ParameterValues<typeof LOADER_PARAMETERS & typeof FUNCTION_PARAMETERS>;

/** The values that every construct of a loader has: those of {@link LoaderValues} that name no resource. */
export type CommonValues = ParameterValues<typeof COMMON_PARAMETERS>;
