// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { DeploymentConfigError, parseLoaders, type LoaderDefinition } from "@ledger-loader/infra";
import { RULES } from "./check-loader";

const LEDGER = { ledgerName: "vehicles", ledgerEndpoint: "https://ledger.example.com" } as const;
const ARN = "arn:aws:";
const PLACE = "us-east-1:123456789012";
const CLUSTER = `${ARN}kafka:${PLACE}:cluster/cars/751d2973-a626-431c-9d4e-d7975eb44dd7-2`;
const TABLE_STREAM = `${ARN}dynamodb:${PLACE}:table/cars/stream/2026-01-01T00:00:00.000`;
const STREAM = `${ARN}kinesis:${PLACE}:stream/cars`;
const QUEUE = `${ARN}sqs:${PLACE}:events.fifo`;
const TOPIC = `${ARN}sns:${PLACE}:cars`;
const SECRET = `${ARN}secretsmanager:${PLACE}:secret:`;
const MSK = { channel: "msk", ...LEDGER, clusterArn: CLUSTER, topic: "events" } as const;
const names = (count: number, of: (at: number) => string) => Array.from({ length: count }, (_, at) => of(at));

/** Definitions that break one rule, and the problem that is named. */
const BROKEN: readonly (readonly [object, string])[] = [
  [
    { channel: "sqs", ledgerName: "cars", ledgerEndpoint: "http://ledger" },
    "ledgerEndpoint: expected an https URL",
  ],
  [
    { channel: "dynamodb", ...LEDGER, streamArn: TABLE_STREAM, mapping: "debezium" },
    "mapping: expected none, since this channel maps its records",
  ],
  [
    { channel: "sqs", ...LEDGER, maskingKeySecret: `${SECRET}key-AbCdEf` },
    "maskingKeySecret: expected with maskingFile",
  ],
  [
    {
      channel: "sqs",
      ...LEDGER,
      revisionWriter: "TableMapperRevisionWriter",
      tableIdFields: { "*": "id" },
      tableIdFieldsFile: "../../test/fixtures/id-fields.json",
    },
    "tableIdFields: expected tableIdFields or tableIdFieldsFile, found both",
  ],
  [
    { channel: "sqs", ...LEDGER, tableIdFields: { Vehicle: "VIN" } },
    "tableIdFields: expected with TableMapperRevisionWriter only",
  ],
  [
    { channel: "sqs", ...LEDGER, ledgerCredentialsSecret: `${SECRET}ledger` },
    "ledgerCredentialsSecret: expected the complete ARN",
  ],
  [
    { channel: "sqs", ...LEDGER, metricsNamespace: "AWS/Lambda" },
    "metricsNamespace: expected a namespace that does not begin with AWS/",
  ],
  [
    { channel: "sqs", ...LEDGER, vpcId: "vpc-0123456789abcdef0" },
    "vpcId: expected vpcId and subnetIds together",
  ],
  [
    { channel: "sqs", ...LEDGER, securityGroupIds: ["sg-0123456789abcdef0"] },
    "securityGroupIds: expected with vpcId only",
  ],
  [
    { channel: "sqs", ...LEDGER, alarms: false, alarmTopicArn: TOPIC },
    "alarmTopicArn: expected with alarms only",
  ],
  [
    { channel: "sqs", ...LEDGER, provisionedConcurrency: 5, reservedConcurrency: 4 },
    "provisionedConcurrency: expected 4 or less",
  ],
  [{ channel: "sqs", ...LEDGER, concurrencyMax: 200 }, "sessionsMax: expected 7 or less with 200 instances"],
  [
    { channel: "sqs", ...LEDGER, environment: { STRICT_MODE: "no" } },
    "environment: expected variables of your own, found STRICT_MODE",
  ],
  [{ channel: "sqs", ...LEDGER, environment: { NOTES: "x".repeat(4_000) } }, "of which NOTES takes 4000"],
  [{ channel: "sqs", ...LEDGER, batchSize: 11 }, "batchSize: expected 10 or less for a FIFO queue"],
  [{ channel: "sqs", ...LEDGER, fifo: false, batchSize: 11 }, "batchingWindowSeconds: expected 1 or more"],
  [
    { channel: "sqs", ...LEDGER, fifo: false, contentBasedDeduplication: true },
    "contentBasedDeduplication: expected for a FIFO queue only",
  ],
  [
    { channel: "sqs", ...LEDGER, concurrencyMax: 5, reservedConcurrency: 4 },
    "concurrencyMax: expected 4 or less",
  ],
  [
    { channel: "sqs", ...LEDGER, retentionDays: 1, oldestMessageSeconds: 86_400 },
    "oldestMessageSeconds: expected less than 86400",
  ],
  [{ channel: "sqs", ...LEDGER, queueArn: QUEUE, fifo: false }, "queueArn: expected a standard queue"],
  [
    { channel: "sqs", ...LEDGER, queueArn: QUEUE, receivesMax: 9 },
    "receivesMax: expected for a created queue only",
  ],
  [{ channel: "sns-to-sqs", ...LEDGER, topicArn: TOPIC }, "topicArn: expected a FIFO topic"],
  [
    { channel: "sns", ...LEDGER, snsDeadLetterQueueArn: `${ARN}sqs:${PLACE}:lost` },
    "snsDeadLetterQueueArn: expected with topicArn only",
  ],
  [
    { channel: "sns", ...LEDGER, region: "eu-west-1", topicArn: TOPIC },
    "snsDeadLetterQueueArn: expected a queue in us-east-1",
  ],
  [
    { channel: "sns", ...LEDGER, topicArn: TOPIC, snsDeadLetterQueueArn: QUEUE },
    "snsDeadLetterQueueArn: expected a queue that is FIFO exactly",
  ],
  [
    {
      channel: "sns",
      ...LEDGER,
      filterPolicy: Object.fromEntries(names(6, (at) => `k${at}`).map((key) => [key, ["a"]])),
    },
    "filterPolicy: expected 5 keys or less, found 6",
  ],
  [
    { channel: "sns", ...LEDGER, filterPolicyScope: "MessageAttributes" },
    "filterPolicyScope: expected with filterPolicy only",
  ],
  [
    { channel: "kinesis", ...LEDGER, streamArn: STREAM, shardCount: 2 },
    "shardCount: expected for a created stream only",
  ],
  [
    { channel: "kinesis", ...LEDGER, streamMode: "ON_DEMAND", shardCount: 2 },
    "shardCount: expected with streamMode PROVISIONED only",
  ],
  [
    { channel: "kinesis", ...LEDGER, retentionHours: 24, iteratorAgeHours: 24 },
    "iteratorAgeHours: expected less than 24, after which records",
  ],
  [
    { channel: "kinesis", ...LEDGER, retentionHours: 24, recordAgeMaxSeconds: 86_401 },
    "recordAgeMaxSeconds: expected 86400 or less",
  ],
  [
    { channel: "dynamodb", ...LEDGER, streamArn: TABLE_STREAM, iteratorAgeHours: 24 },
    "iteratorAgeHours: expected less than 24, after which a table's",
  ],
  [
    {
      channel: "dynamodb",
      ...LEDGER,
      streamArn: TABLE_STREAM,
      startingPosition: "AT_TIMESTAMP",
      startingTimestamp: "2026-01-01T00:00:00Z",
    },
    "startingPosition: expected TRIM_HORIZON or LATEST",
  ],
  [
    { channel: "kinesis", ...LEDGER, startingPosition: "AT_TIMESTAMP" },
    "startingTimestamp: expected with startingPosition AT_TIMESTAMP",
  ],
  [{ ...MSK, pollersMin: 2 }, "pollersMin: expected with pollersMax above 0 only"],
  [{ ...MSK, pollersMin: 3, pollersMax: 2 }, "pollersMin: expected 2 or less, found 3"],
  [
    { ...MSK, scramSecretArn: `${SECRET}AmazonMSK_cars-AbCdEf` },
    "scramSecretArn: expected scramSecretArn and scramKeyArn together",
  ],
  [{ channel: "dms", ...LEDGER, engine: "mysql" }, "mappingFile: expected the file that maps"],
  [
    { channel: "sqs", ...LEDGER, filters: names(6, String).map((op) => ({ body: { op: [op] } })) },
    "filters: expected 5 or less, found 6",
  ],
  [
    { channel: "eventbridge", ...LEDGER, tables: names(30, (at) => `T${"x".repeat(99)}${at}`) },
    "tables: expected a pattern of 2048 characters",
  ],
  [
    { channel: "eventbridge", ...LEDGER, tables: ["Person"], detail: { table: ["Person"] } },
    "detail: expected no table beside tables",
  ],
  [
    { channel: "sqs", ...LEDGER, parkWaitMs: 300_000, oldestMessageSeconds: 300 },
    "oldestMessageSeconds: expected more than the 300 seconds",
  ],
  [
    { channel: "sqs", ...LEDGER, receivesMax: 5, timeoutSeconds: 35, parkWaitMs: 460_000 },
    "parkWaitMs: expected less than the 450 seconds",
  ],
  [
    { channel: "sqs", ...LEDGER, receivesMax: 1_000, retentionDays: 1 },
    "receivesMax: expected receives that end before retentionDays",
  ],
  [{ channel: "sqs", ...LEDGER, lagMaxSeconds: 60 }, "lagMaxSeconds: expected with metricsNamespace only"],
];

function problemsOf(...loaders: object[]): readonly string[] {
  try {
    parseLoaders({ loaders }, __dirname);
    return [];
  } catch (error) {
    if (error instanceof DeploymentConfigError) return error.problems;
    throw error;
  }
}

describe("the rules of a deployment", () => {
  it.each(BROKEN)("%j", (loader, problem) => {
    expect(problemsOf(loader)).toEqual([expect.stringContaining(problem)]);
  });

  it("are each broken by one of these cases", () => {
    const unbroken = RULES.filter(
      (rule) => !BROKEN.some(([loader]) => breaks(rule, loader as LoaderDefinition)),
    );
    expect(unbroken.map(({ meaning }) => meaning)).toEqual([]);
  });

  it("let a http endpoint be where it is asked for", () => {
    const loader = { channel: "sqs", ledgerName: "cars", ledgerEndpoint: "http://ledger.internal" };
    expect(problemsOf({ ...loader, allowHttp: true })).toEqual([]);
  });
});

describe("loaders of one app", () => {
  it("have a consumer group each, in one account and region", () => {
    const other = CLUSTER.replace("cluster/cars", "cluster/trucks");
    const second = { ...MSK, id: "second", clusterArn: other };
    expect(problemsOf(MSK, second)).toEqual([
      "loader second: consumerGroup: expected another than that of loader msk, as a consumer group belongs to one event source mapping, found ledger-loader",
    ]);
    expect(problemsOf(MSK, { ...second, consumerGroup: "trucks" })).toEqual([]);
    expect(problemsOf(MSK, { ...second, account: "210987654321" })).toEqual([]);
  });

  it("have a queue each", () => {
    const loader = { channel: "sqs", ...LEDGER, queueArn: QUEUE };
    expect(problemsOf(loader, { ...loader, id: "second" })).toEqual([
      expect.stringContaining("loader second: queueArn: expected another than that of loader sqs"),
    ]);
  });
});

/** True if a definition breaks a rule by what it sets alone, with the defaults that matter to rules. */
function breaks(rule: (typeof RULES)[number], definition: LoaderDefinition): boolean {
  const { channel, region } = definition;
  if (rule.channels !== "all" && !rule.channels.includes(channel)) return false;
  const defaults = {
    revisionWriter: "BaseRevisionWriter",
    sessionsMax: 10,
    fifo: true,
    batchSize: 10,
    batchingWindowSeconds: 0,
    timeoutSeconds: 120,
    receivesMax: 16,
    pollersMax: 0,
    loadEventMapper: "MappingFileLoadEventMapper",
  };
  const values = { ...defaults, ...definition };
  const problems = rule.check({ channel, region, values, given: new Set(Object.keys(definition)) });
  return problems.length > 0;
}
