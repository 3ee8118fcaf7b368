// SPDX-License-Identifier: MIT
import { expect, it } from "@jest/globals";
import {
  BaseRevisionWriter,
  type LogFields,
  type Logger,
  type LogIds,
  createEvent,
  createLoader,
  recordNaming,
} from "@ledger-loader/core";
import { toDeliveries } from "../../test/load-events";
import { startTestLedger } from "../../test/test-ledger";

interface Line {
  readonly level: string;
  readonly fields: LogFields;
  readonly message: string;
}

const ID = "jane@example.org";
const DATA = { secret: "content" };
const insert = createEvent({ op: "INSERT", table: "T", id: ID, version: 0, data: DATA });
const missing = createEvent({ op: "UPDATE", table: "T", id: ID, version: 1, data: DATA });
const gap = createEvent({ op: "UPDATE", table: "T", id: ID, version: 2, data: DATA });
const broken = { deliveryId: "broken", decode: () => JSON.parse(`{"secret": content`) as never };
const waiting = { ...toDeliveries([gap])[0]!, deliveryId: "gap" };

/** The lines of a loader that gets an event before its predecessor, twice, and then both. */
async function linesOf(form: LogIds): Promise<readonly Line[]> {
  const lines: Line[] = [];
  const log = (level: string) => (fields: LogFields, message: string) =>
    void lines.push({ level, fields, message });
  const logger: Logger = { debug: log("debug"), info: log("info"), warn: log("warn"), error: log("error") };
  const ledger = await startTestLedger();
  try {
    const naming = recordNaming(form, "a key");
    const writer = new BaseRevisionWriter();
    const loader = createLoader({ ledger: ledger.connect(), writer, logger, naming });
    await loader.load([...toDeliveries([insert, insert]), waiting, broken], { onFailure: "continue" });
    await loader.load([waiting], { onFailure: "continue" });
    await loader.load([...toDeliveries([missing]), waiting], { onFailure: "continue" });
  } finally {
    await ledger.close();
  }
  return lines;
}

it("A loader logs one line per outcome other than written, one summary, and no second line for a rejection; never content", async () => {
  const lines = await linesOf("plain");
  expect(lines.map(({ level, message }) => [level, message])).toEqual([
    ["info", "event skipped"],
    ["warn", "event rejected"],
    ["warn", "event rejected"],
    ["info", "batch loaded"],
    ["debug", "event rejected"],
    ["debug", "batch loaded"],
    ["info", "event written after retries"],
    ["info", "batch loaded"],
  ]);
  expect(lines[1]?.fields).toMatchObject({
    deliveryId: "gap",
    op: "UPDATE",
    table: "T",
    id: ID,
    version: 2,
    status: "rejected",
    reason: "version-gap",
  });
  expect(lines[3]?.fields).toMatchObject({
    deliveries: 4,
    failed: 2,
    written: 1,
    skipped: { "already-applied": 1 },
    rejected: { "version-gap": 1, "malformed-event": 1 },
  });
  expect(lines[6]?.fields).toMatchObject({ id: ID, rejections: 2, afterMs: expect.any(Number) });
  expect(JSON.stringify(lines)).not.toContain("content");
});

it("LOG_IDS=hash shows one short form for one record, and no id", async () => {
  const lines = await linesOf("hash");
  const shown = lines.flatMap(({ fields }) => (fields["table"] === undefined ? [] : [fields["id"]]));
  expect(shown).toHaveLength(4);
  expect(new Set(shown).size).toBe(1);
  expect(shown[0]).toMatch(/^#[\w-]{12}$/);
  expect(recordNaming("hash")(gap)).not.toBe(shown[0]);
  expect(recordNaming("hash", "a key")({ ...gap, table: "U" as typeof gap.table })).not.toBe(shown[0]);
  expect(JSON.stringify(lines)).not.toMatch(/content|jane/);
});
