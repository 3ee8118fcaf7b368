// SPDX-License-Identifier: MIT
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import {
  BaseRevisionWriter,
  type RevisionEvent,
  createLoader,
  encodeEvent,
  recordKey,
} from "@ledger-loader/core";
import { createMskHandler, type KafkaEvent } from "@ledger-loader/msk";
import {
  aHistory,
  anEvent,
  historiesOf,
  readHistories,
  startLedger,
  type TestLedger,
} from "@ledger-loader/testkit";
import { Parking } from "../test/parking";

const DECISIONS = path.join(__dirname, "../../../docs/decisions");

let ledger: TestLedger;
beforeEach(async () => {
  ledger = await startLedger({ tables: { Vehicle: ["oldDocumentId"] } });
});
afterEach(() => ledger.close());

const aLoader = () => createLoader({ ledger: ledger.connect(), writer: new BaseRevisionWriter() });
const written = () => readHistories(ledger.connect(), "Vehicle");

/** A record of the partition for each event, and for each text or bytes that is none. */
function anEventOf(records: readonly (RevisionEvent | string | Buffer | null)[]): KafkaEvent {
  const toRecord = (each: RevisionEvent | string | Buffer | null, offset: number) => {
    const isEvent = each !== null && typeof each === "object" && "op" in each;
    const value = isEvent ? Buffer.from(encodeEvent(each)) : each === null ? undefined : Buffer.from(each);
    const key = isEvent ? recordKey(each)! : `bad-${offset}`;
    return {
      topic: "events",
      partition: 0,
      offset,
      timestamp: 1_763_690_000_000,
      timestampType: "CREATE_TIME" as const,
      key: Buffer.from(key).toString("base64"),
      // A tombstone has none.
      value: value?.toString("base64") ?? (null as unknown as string),
      headers: [],
    };
  };
  return { records: { "events-0": records.map(toRecord) } };
}

/** The title of a decision's page, which is the name of the test that pins it. */
function decision(number: string): string {
  const page = readdirSync(DECISIONS).find((name) => name.startsWith(`${number}-`)) ?? "";
  return readFileSync(path.join(DECISIONS, page), "utf8").split("\n")[0]!.slice("# ".length);
}

describe("deliberate differences from the Java loader", () => {
  it("A bad Kafka record is parked with its bytes and its partition goes on", async () => {
    expect(decision("0011")).toBe(expect.getState().currentTestName?.replace(/^.* loader /, ""));
    const events = aHistory(["INSERT", "UPDATE"]);
    const parking = new Parking();
    const handler = createMskHandler(parking.around(aLoader()));
    const event = anEventOf([events[0]!, "{op:", events[1]!]);
    expect(await handler(event)).toBeUndefined();
    expect(parking.take()).toMatchObject([{ body: "{op:" }]);
    expect(await written()).toEqual(historiesOf(events));
    await ledger.stop();
    await expect(handler(event)).rejects.toMatchObject({ code: "LEDGER_UNAVAILABLE" });
    expect(parking.take()).toEqual([]);
    await ledger.restart();
  });

  it("A failed Kafka batch names what failed", async () => {
    expect(decision("0017")).toBe(expect.getState().currentTestName?.replace(/^.* loader /, ""));
    const good = anEvent({ id: "good" });
    const event = anEventOf([good, anEvent({ id: "early", op: "UPDATE", version: 4 }), "{op:"]);
    await expect(createMskHandler(aLoader())(event)).rejects.toMatchObject({
      deliveryIds: ["events-0@1", "events-0@2"],
      message: expect.stringContaining("version-gap, malformed-event"),
    });
    expect(await written()).toEqual(historiesOf([good]));
    const reporting = createMskHandler(aLoader(), { reportBatchItemFailures: true });
    expect(await reporting(event)).toEqual({
      batchItemFailures: [1, 2].map((offset) => ({ itemIdentifier: { partition: "events-0", offset } })),
    });
  });

  it("One undecodable record does not stop its Kafka partition", async () => {
    expect(decision("0018")).toBe(expect.getState().currentTestName?.replace(/^.* loader /, ""));
    const events = aHistory(["INSERT", "UPDATE", "DELETE"]);
    const bytes = Buffer.from([0xe0, 0x01, 0x00, 0xea, 0xff]);
    const event = anEventOf([bytes, events[0]!, null, events[1]!, "", events[2]!]);
    await expect(createMskHandler(aLoader())(event)).rejects.toMatchObject({
      deliveryIds: ["events-0@0", "events-0@2", "events-0@4"],
    });
    expect(await written()).toEqual(historiesOf(events));
  });
});
