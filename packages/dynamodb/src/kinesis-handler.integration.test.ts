// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { BaseRevisionWriter, createLoader } from "@ledger-loader/core";
import {
  createDynamoDbKinesisHandler,
  decodeDynamoDbKinesisRecord,
  type DynamoDbKinesisHandler,
} from "@ledger-loader/dynamodb";
import { disturb, seededRandom, startLedger, type TestLedger } from "@ledger-loader/testkit";
import type { KinesisStreamHandler } from "aws-lambda";
import { RecordingLoader } from "../test/recording-loader";
import { currentRows } from "../test/current-rows";
import { aKinesisBody, toKinesis, type RecordFields } from "../test/stream-records";

let ledger: TestLedger;
let handler: DynamoDbKinesisHandler;

beforeEach(async () => {
  ledger = await startLedger({ tables: { Person: ["oldDocumentId"] } });
  handler = createDynamoDbKinesisHandler(
    createLoader({ ledger: ledger.connect(), writer: new BaseRevisionWriter(), createTables: true }),
  );
});
afterEach(() => ledger.close());

const deliver = (...bodies: string[]) =>
  handler({ Records: bodies.map((body, i) => toKinesis(body, 100 + i)) });
const put = (name: string, color: string, at: number, more: RecordFields = {}) =>
  aKinesisBody({ name, newImage: { id: { S: "p1" }, color: { S: color } }, ...more }, at);

describe("createDynamoDbKinesisHandler", () => {
  it("can be a Lambda function's handler as it is", () => {
    const asHandler: KinesisStreamHandler = createDynamoDbKinesisHandler(new RecordingLoader());
    expect(asHandler).toBeInstanceOf(Function);
  });

  it("puts changes in order that come in another order, and more than once", async () => {
    const [insert, modify, last] = [
      put("INSERT", "red", 1),
      put("MODIFY", "green", 2),
      put("MODIFY", "blue", 3),
    ];
    expect(await deliver(modify, last, insert, modify)).toEqual({ batchItemFailures: [] });
    expect(await deliver(insert, last)).toEqual({ batchItemFailures: [] });
    expect(await currentRows(ledger, "Person")).toEqual([`{id:"p1",color:"blue"}`]);
  });

  it("does not bring an item back that was removed later than the change that comes now", async () => {
    await deliver(put("INSERT", "red", 1), put("REMOVE", "", 3));
    await deliver(put("MODIFY", "green", 2), put("INSERT", "red", 1));
    expect(await currentRows(ledger, "Person")).toEqual([]);
  });

  it("rejects two different changes of one item at one time: nothing says which was the later", async () => {
    const { batchItemFailures } = await deliver(put("INSERT", "red", 5), put("MODIFY", "green", 5));
    expect(batchItemFailures).toEqual([{ itemIdentifier: "101" }]);
    expect(await currentRows(ledger, "Person")).toEqual([`{id:"p1",color:"red"}`]);
  });

  it("records a removal that overtook the insert, which then brings nothing back", async () => {
    expect(await deliver(put("REMOVE", "", 2))).toEqual({ batchItemFailures: [] });
    expect(await deliver(put("INSERT", "red", 1))).toEqual({ batchItemFailures: [] });
    expect(await currentRows(ledger, "Person")).toEqual([]);
    await deliver(put("INSERT", "green", 3));
    expect(await currentRows(ledger, "Person")).toEqual([`{id:"p1",color:"green"}`]);
  });

  it("compares milliseconds and microseconds, so that the precision can be changed", async () => {
    await deliver(aKinesisBody({ newImage: { id: { S: "p1" }, n: { N: "1" } } }, 5_000_000, "MILLISECOND"));
    await deliver(aKinesisBody({ name: "MODIFY", newImage: { id: { S: "p1" }, n: { N: "2" } } }, 5_000_001));
    expect(await currentRows(ledger, "Person")).toEqual([`{id:"p1",n:2}`]);
  });

  it.each(["NANOSECOND", null])("rejects a time whose precision is %s", (precision) => {
    const record = JSON.parse(put("INSERT", "red", 1)) as { dynamodb: Record<string, unknown> };
    record.dynamodb["ApproximateCreationDateTimePrecision"] = precision ?? "MICROSECOND";
    if (precision === null) record.dynamodb["ApproximateCreationDateTime"] = "1";
    expect(() => decodeDynamoDbKinesisRecord(JSON.stringify(record))).toThrow(
      expect.objectContaining({ reason: "order-unknown" }),
    );
  });

  it.each([1, 2, 3])(
    "ends in the table's own state after a random history, repeated and reordered, SEED=%i",
    async (seed) => {
      const random = seededRandom(seed);
      const items = new Map<string, string>();
      const bodies = Array.from({ length: 80 }, (_, at) => {
        const id = `p${random.below(6)}`;
        const name = !items.has(id) ? "INSERT" : random.chance(0.3) ? "REMOVE" : "MODIFY";
        if (name === "REMOVE") items.delete(id);
        else items.set(id, `{id:"${id}",n:${at}}`);
        return aKinesisBody({ name, id, newImage: { id: { S: id }, n: { N: String(at) } } }, at + 1);
      });
      const stream: string[] = [];
      for await (const body of disturb(bodies, { seed, duplicateRate: 0.3, windowSize: 10 }))
        stream.push(body);
      // Nothing waits for anything: removals that overtake are recorded, everything else is taken as it is.
      expect(await deliver(...stream)).toEqual({ batchItemFailures: [] });
      expect(await currentRows(ledger, "Person")).toEqual([...items.values()].toSorted());
    },
  );
});
