// SPDX-License-Identifier: MIT
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { BaseRevisionWriter, createLoader } from "@ledger-loader/core";
import { createDynamoDbHandler, createDynamoDbKinesisHandler } from "@ledger-loader/dynamodb";
import { startLedger, type TestLedger } from "@ledger-loader/testkit";
import { currentRows } from "../test/current-rows";
import { aKinesisBody, aRecord, toKinesis, type RecordFields } from "../test/stream-records";

const POSITION = "The sequence number of a table's stream is a position";

let ledger: TestLedger;
beforeAll(async () => {
  ledger = await startLedger({ tables: { Person: ["oldDocumentId"] } });
});
afterAll(() => ledger.close());

describe("Deliberate decisions about the channel", () => {
  it(POSITION, async () => {
    const page = POSITION.toLowerCase().replaceAll(/[ ']/g, "-");
    const text = readFileSync(join(__dirname, `../../../docs/decisions/0016-${page}.md`), "utf8");
    expect(text.startsWith(`# ${POSITION}\n`)).toBe(true);

    const loader = createLoader({ ledger: ledger.connect(), writer: new BaseRevisionWriter() });
    const stream = createDynamoDbHandler(loader);
    const change = (name: string, n: number, more: RecordFields = {}) =>
      ({ name, newImage: { id: { S: "p1" }, n: { N: String(n) } }, ...more }) as const;
    const rows = () => currentRows(ledger, "Person");

    // Numbers of different length, as on both sides of a shard's end, and a late redelivery of the first.
    const first = aRecord(change("INSERT", 1, { sequenceNumber: "820400000000000001192334" }));
    await stream({ Records: [first] });
    await stream({
      Records: [aRecord(change("MODIFY", 2, { sequenceNumber: "1683700000000000001135967" }))],
    });
    await stream({ Records: [first] });
    expect(await rows()).toEqual([`{id:"p1",n:2}`]);

    // The stream was switched off and on again: its numbers are lower, its changes later.
    const label = "2026-02-02T00:00:00.000";
    await stream({ Records: [aRecord(change("MODIFY", 3, { label, sequenceNumber: 100 }))] });
    expect(await rows()).toEqual([`{id:"p1",n:3}`]);

    // Over Kinesis, the copy of an old change has a new sequence number, and is old all the same.
    const kinesis = createDynamoDbKinesisHandler(loader, { epoch: 1 });
    const later = aKinesisBody(change("MODIFY", 5), 1_767_225_600_000_002);
    const earlier = aKinesisBody(change("MODIFY", 4), 1_767_225_600_000_001);
    await kinesis({ Records: [toKinesis(later, 1), toKinesis(earlier, 2), toKinesis(earlier, 3)] });
    expect(await rows()).toEqual([`{id:"p1",n:5}`]);
    await loader.close();
  });
});
