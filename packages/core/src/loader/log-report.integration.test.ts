// SPDX-License-Identifier: MIT
import { expect, it } from "@jest/globals";
import {
  BaseRevisionWriter,
  type LogFields,
  type Logger,
  createEvent,
  createLoader,
} from "@ledger-loader/core";
import { toDeliveries } from "../../test/load-events";
import { startTestLedger } from "../../test/test-ledger";

it("A loader logs one line per outcome other than written and one summary, and never content or ids", async () => {
  const lines: { readonly level: string; readonly fields: LogFields; readonly message: string }[] = [];
  const log = (level: string) => (fields: LogFields, message: string) =>
    void lines.push({ level, fields, message });
  const logger: Logger = { debug: log("debug"), info: log("info"), warn: log("warn"), error: log("error") };
  const ledger = await startTestLedger();
  try {
    const loader = createLoader({ ledger: ledger.connect(), writer: new BaseRevisionWriter(), logger });
    const id = "jane@example.org";
    const insert = createEvent({ op: "INSERT", table: "T", id, version: 0, data: { secret: "content" } });
    const gap = createEvent({ op: "UPDATE", table: "T", id, version: 2, data: { secret: "content" } });
    const broken = { deliveryId: "broken", decode: () => JSON.parse(`{"secret": content`) as never };
    await loader.load([...toDeliveries([insert, insert, gap]), broken], { onFailure: "continue" });
  } finally {
    await ledger.close();
  }
  expect(lines.map(({ level, message }) => [level, message])).toEqual([
    ["info", "event skipped"],
    ["warn", "event rejected"],
    ["warn", "event rejected"],
    ["info", "batch loaded"],
  ]);
  expect(lines[1]?.fields).toMatchObject({
    deliveryId: "2",
    op: "UPDATE",
    table: "T",
    version: 2,
    status: "rejected",
    reason: "version-gap",
  });
  expect(lines.at(-1)?.fields).toMatchObject({
    deliveries: 4,
    failed: 2,
    written: 1,
    skipped: { "already-applied": 1 },
    rejected: { "version-gap": 1, "malformed-event": 1 },
  });
  expect(JSON.stringify(lines)).not.toMatch(/content|jane/);
});
