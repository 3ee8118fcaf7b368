// SPDX-License-Identifier: MIT
import type { DmsValues } from "../parameters/dms-parameters";
import { BUILT_IN_MAPPER } from "../parameters/dms-parameters";
import type { DynamoDbValues } from "../parameters/dynamodb-parameters";
import type { KinesisValues } from "../parameters/kinesis-parameters";
import type { MskValues } from "../parameters/msk-parameters";
import { describedThoughExisting, rule, SOURCES, type Rule } from "./rule";

const CREATED = ["kinesis", "dms"] as const;
const LOGS = ["kinesis", "dms", "dynamodb", "msk"] as const;
const TABLE_STREAM_HOURS = 24;

/** Rules of streams, tables and Kafka topics, and of their mappings. */
export const STREAM_RULES: readonly Rule[] = [
  rule<KinesisValues>({
    channels: CREATED,
    meaning: "Parameters of a created stream do not come with `streamArn`.",
    source: SOURCES.project,
    check: (input) =>
      describedThoughExisting(input, "streamArn", "stream", ["streamMode", "shardCount", "retentionHours"]),
  }),
  rule<KinesisValues>({
    channels: CREATED,
    meaning: "`shardCount` is for PROVISIONED streams.",
    source: SOURCES.kinesis,
    check: ({ values: { streamMode }, given }) =>
      streamMode === "ON_DEMAND" &&
      given.has("shardCount") &&
      "shardCount: expected with streamMode PROVISIONED only, found it with ON_DEMAND",
  }),
  rule<KinesisValues>({
    channels: CREATED,
    meaning: "`iteratorAgeHours` is less than the retention of a created stream.",
    source: SOURCES.project,
    check: ({ values: { iteratorAgeHours = 0, retentionHours }, given }) =>
      !given.has("streamArn") &&
      retentionHours !== undefined &&
      iteratorAgeHours >= retentionHours &&
      `iteratorAgeHours: expected less than ${retentionHours}, after which records expire, found ${iteratorAgeHours}`,
  }),
  rule<KinesisValues>({
    channels: CREATED,
    meaning: "`recordAgeMaxSeconds` is not above the retention of a created stream.",
    source: SOURCES.kinesis,
    check: ({ values: { recordAgeMaxSeconds = -1, retentionHours }, given }) =>
      !given.has("streamArn") &&
      retentionHours !== undefined &&
      recordAgeMaxSeconds > retentionHours * 3_600 &&
      `recordAgeMaxSeconds: expected ${retentionHours * 3_600} or less, after which records expire, found ${recordAgeMaxSeconds}`,
  }),
  rule<DynamoDbValues>({
    channels: ["dynamodb"],
    meaning: `\`iteratorAgeHours\` of a table's own stream is less than ${TABLE_STREAM_HOURS}.`,
    source: SOURCES.dynamoDb,
    check: ({ values: { streamArn, iteratorAgeHours = 0 } }) =>
      isTableStream(streamArn) &&
      iteratorAgeHours >= TABLE_STREAM_HOURS &&
      `iteratorAgeHours: expected less than ${TABLE_STREAM_HOURS}, after which a table's stream drops records, found ${iteratorAgeHours}`,
  }),
  rule<DynamoDbValues>({
    channels: ["dynamodb"],
    meaning: "AT_TIMESTAMP is for Kinesis and Kafka, not for a table's own stream.",
    source: SOURCES.lambdaKinesis,
    check: ({ values: { streamArn, startingPosition } }) =>
      isTableStream(streamArn) &&
      startingPosition === "AT_TIMESTAMP" &&
      "startingPosition: expected TRIM_HORIZON or LATEST for a table's own stream, found AT_TIMESTAMP",
  }),
  rule<KinesisValues>({
    channels: LOGS,
    meaning: "`startingTimestamp` and `startingPosition: AT_TIMESTAMP` come together.",
    source: SOURCES.lambdaKinesis,
    check: ({ values: { startingPosition }, given }) =>
      (startingPosition === "AT_TIMESTAMP") !== given.has("startingTimestamp") &&
      "startingTimestamp: expected with startingPosition AT_TIMESTAMP, and only with it, found one of them",
  }),
  rule<MskValues>({
    channels: ["msk"],
    meaning: "`reportBatchItemFailures` and `pollersMin` come with `pollersMax` above 0.",
    source: SOURCES.lambdaKafka,
    check: ({ values: { reportBatchItemFailures, pollersMax, pollersMin } }) =>
      pollersMax === 0
        ? [
            ...(reportBatchItemFailures === true
              ? ["reportBatchItemFailures: expected with pollersMax above 0 only, found 0"]
              : []),
            ...(pollersMin === undefined
              ? []
              : [`pollersMin: expected with pollersMax above 0 only, found ${pollersMin}`]),
          ]
        : [],
  }),
  rule<MskValues>({
    channels: ["msk"],
    meaning: "`pollersMin` is not above `pollersMax`.",
    source: SOURCES.lambdaKafka,
    check: ({ values: { pollersMax = 0, pollersMin = 0 } }) =>
      pollersMax > 0 &&
      pollersMin > pollersMax &&
      `pollersMin: expected ${pollersMax} or less, found ${pollersMin}`,
  }),
  rule<MskValues>({
    channels: ["msk"],
    meaning: "`scramSecretArn` and `scramKeyArn` come together.",
    source: SOURCES.lambdaKafka,
    check: ({ given }) =>
      given.has("scramSecretArn") !== given.has("scramKeyArn") &&
      "scramSecretArn: expected scramSecretArn and scramKeyArn together, found one of them",
  }),
  rule<DmsValues>({
    channels: ["dms"],
    meaning: `${BUILT_IN_MAPPER} takes a mapping file, your own mapper takes none.`,
    source: SOURCES.project,
    check: ({ values: { loadEventMapper, mappingFile } }) => {
      const isBuiltIn = loadEventMapper === BUILT_IN_MAPPER;
      if (isBuiltIn && mappingFile === undefined)
        return "mappingFile: expected the file that maps the source's tables, or a loadEventMapper of your own, found neither";
      return (
        !isBuiltIn &&
        mappingFile !== undefined &&
        `mappingFile: expected with ${BUILT_IN_MAPPER} only, found it beside a mapper of your own`
      );
    },
  }),
];

function isTableStream(arn: string | undefined): boolean {
  return arn?.split(":")[2] === "dynamodb";
}
