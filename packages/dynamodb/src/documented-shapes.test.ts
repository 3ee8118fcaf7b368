// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { decodeDynamoDbKinesisRecord, decodeDynamoDbRecord } from "@ledger-loader/dynamodb";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { plain } from "../test/stream-records";

interface Shape {
  readonly name: string;
  readonly from: "streams" | "kinesis";
  readonly record: object;
  readonly event: string;
}

const shapes = JSON.parse(
  readFileSync(join(__dirname, "../test/fixtures/documented-shapes.json"), "utf8"),
) as readonly Shape[];

describe("A record as DynamoDB writes it", () => {
  it.each(shapes.map((shape) => [shape.name, shape] as const))("%s", (_, { from, record, event }) => {
    const decode = from === "streams" ? decodeDynamoDbRecord : decodeDynamoDbKinesisRecord;
    expect(decode(JSON.stringify(record)).events.map(plain)).toEqual([event]);
  });
});
