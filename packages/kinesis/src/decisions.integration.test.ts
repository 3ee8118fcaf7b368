// SPDX-License-Identifier: MIT
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { BaseRevisionWriter, createLoader, encodeEvent, parkFailures } from "@ledger-loader/core";
import { createKinesisHandler } from "@ledger-loader/kinesis";
import {
  anEvent,
  historiesOf,
  readHistories,
  startLedger,
  type TestLedger,
  toLambdaRecord,
} from "@ledger-loader/testkit";
import { MemorySink } from "../test/memory-sink";

const FIRST_FAILURE = "A failed record hands back what follows it and not the whole batch";

let ledger: TestLedger;
beforeAll(async () => {
  ledger = await startLedger({ tables: { Vehicle: ["oldDocumentId"] } });
});
afterAll(() => ledger.close());

describe("Deliberate differences from the Java loader", () => {
  it(FIRST_FAILURE, async () => {
    const page = FIRST_FAILURE.toLowerCase().replaceAll(" ", "-");
    const text = readFileSync(join(__dirname, `../../../docs/decisions/0006-${page}.md`), "utf8");
    expect(text.startsWith(`# ${FIRST_FAILURE}\n`)).toBe(true);

    const events = ["a", "b", "c"].map((id) => anEvent({ id: `${id} ${randomUUID()}` }));
    const [a, b, c] = events.map((event) => encodeEvent(event));
    const Records = [a!, "{op:", b!, "not an event", c!].map((body, i) =>
      toLambdaRecord("shardId-000000000000", {
        Data: Buffer.from(body),
        PartitionKey: "key",
        SequenceNumber: String(100 + i),
      }),
    );
    const loader = createLoader({ ledger: ledger.connect(), writer: new BaseRevisionWriter() });
    expect(await createKinesisHandler(loader)({ Records })).toEqual({
      batchItemFailures: [{ itemIdentifier: "101" }],
    });
    expect(await readHistories(ledger.connect(), "Vehicle")).toEqual(historiesOf(events));

    const sink = new MemorySink();
    const parking = parkFailures(loader, { sink, channel: "kinesis", waitMs: 60_000 });
    expect(await createKinesisHandler(parking)({ Records: Records.slice(1) })).toEqual({
      batchItemFailures: [],
    });
    expect(sink.take().map(({ deliveryId }) => deliveryId)).toEqual(["101", "103"]);
    expect(await readHistories(ledger.connect(), "Vehicle")).toEqual(historiesOf(events));
  });
});
