// SPDX-License-Identifier: MIT
import { type BodyReader, ConfigurationError, type Environment, type Logger } from "@ledger-loader/core";
import type { PresetMapping } from "../file/mapping-file";

/** The field by which a record of DynamoDB Streams is told from one that DynamoDB put into Kinesis. */
const STREAM_FIELD = '"eventSourceARN"';

/**
 * Reads changes of items, by the DYNAMODB_ settings of the environment: records of DynamoDB Streams in JSON, as EventBridge Pipes
 * and Lambda hand them on, and those that DynamoDB puts into a Kinesis data stream. Tables come from the mapping file too.
 *
 * @throws ConfigurationError if the settings cannot be used.
 */
export async function openDynamoDbMapping(
  file: PresetMapping | undefined,
  environment: Environment,
  logger: Logger,
): Promise<BodyReader> {
  const { decodeDynamoDbKinesisRecord, decodeDynamoDbRecord, readDynamoDbOptions } =
    await import("@ledger-loader/dynamodb/records");
  const options = readDynamoDbOptions(environment, logger);
  const tables = { ...options.tables, ...tablesOf(file) };
  const own = {
    ...options,
    tables,
    epoch: file === undefined || file.epoch === 0 ? (options.epoch ?? 0) : file.epoch,
  };
  return (body) => {
    const text = typeof body === "string" ? body : Buffer.from(body).toString();
    return text.includes(STREAM_FIELD)
      ? decodeDynamoDbRecord(body, own)
      : decodeDynamoDbKinesisRecord(body, own);
  };
}

function tablesOf(file: PresetMapping | undefined): Readonly<Record<string, string>> {
  const entries = [...(file?.tables ?? [])].map(([name, rule]) => {
    if (rule !== "ignore" && rule.table !== undefined) return [name, rule.table] as const;
    throw new ConfigurationError([
      `MAPPING: expected a table for tables.${name} with preset dynamodb, found ${rule === "ignore" ? "ignore" : "none"}`,
    ]);
  });
  return Object.fromEntries(entries);
}
