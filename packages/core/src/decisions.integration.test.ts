// SPDX-License-Identifier: MIT
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import {
  type Delivery,
  type EventFields,
  type Loader,
  type LoaderOptions,
  decodeEvents,
} from "@ledger-loader/core";
import { cryptoHasherProvider, makeHashReader } from "ion-hash-js";
import { dumpBinary, load, makeReader } from "ion-js";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { event, freshId, loaderInto } from "../test/fresh-events";
import { loadEvents, outcomesOf, toDelivery } from "../test/load-events";
import { startTestLedger, type TestLedger } from "../test/test-ledger";

const PAGES = join(__dirname, "../../../docs/decisions");
const THIS_FILE = "packages/core/src/decisions.integration.test.ts";

let ledger: TestLedger;

beforeAll(async () => {
  ledger = await startTestLedger();
});
afterAll(() => ledger.close());

const loaderWith = (options: Partial<LoaderOptions> = {}): Loader => loaderInto(ledger, options);
const historyOf = (id: string): Promise<readonly (string | undefined)[]> => ledger.historyOf("T", id);

function hashOf(ionText: string): Uint8Array {
  const reader = makeHashReader(makeReader(dumpBinary(load(ionText))), cryptoHasherProvider("sha256"));
  reader.next();
  reader.next();
  return reader.digest();
}

const decisions: Readonly<Record<string, () => Promise<void>>> = {
  "A redelivered INSERT does not resurrect a deleted record": async () => {
    const id = freshId();
    const history = [event({ id, version: 0, data: { n: 0 } }), event({ id, version: 1, op: "DELETE" })];
    await loadEvents(loaderWith(), history);
    const again = [history[0]!, event({ id, version: 0, op: "ANY", data: { n: 0 } })];
    expect(await loadEvents(loaderWith(), again)).toEqual(Array(2).fill("skipped already-applied"));
    expect(await loadEvents(loaderWith(), [event({ id, version: 0, data: { n: 9 } })])).toEqual([
      "rejected conflicting-revision",
    ]);
    expect(await historyOf(id)).toEqual(["{n:0}", undefined]);
    expect(await loadEvents(loaderWith(), [event({ id, version: 2, data: { n: 2 } })])).toEqual(["written"]);
  },

  "A gap at the start of a record's history is a gap": async () => {
    const id = freshId();
    const late = [event({ id, version: 5, data: {} }), event({ id, version: 6, op: "ANY", data: {} })];
    expect(await loadEvents(loaderWith(), late)).toEqual(Array(2).fill("rejected version-gap"));
    expect(await historyOf(id)).toEqual([]);
    expect(await loadEvents(loaderWith({ startMidHistory: true }), late)).toEqual(["written", "written"]);
  },

  "An INSERT of a record that is there is skipped only if it is the same": async () => {
    const id = freshId();
    await loadEvents(loaderWith(), [event({ id, version: 0, data: { n: 0 } })]);
    for (const strictness of ["strict", "lenient"] as const) {
      const loader = loaderWith({ strictness });
      expect(await loadEvents(loader, [event({ id, version: 0, data: { n: 0 } })])).toEqual([
        "skipped already-applied",
      ]);
      expect(await loadEvents(loader, [event({ id, version: 0, data: { n: 1 } })])).toEqual([
        "rejected conflicting-revision",
      ]);
      expect(await loadEvents(loader, [event({ id, version: 1, data: { n: 1 } })])).toEqual([
        "rejected document-exists",
      ]);
    }
  },

  "An event for an unknown table is rejected, and the table is noticed when it appears": async () => {
    const loader = loaderWith();
    const early = [event({ id: freshId(), table: "Later", version: 0, data: {} })];
    expect(await loadEvents(loader, early)).toEqual(["rejected unknown-table"]);
    await ledger.run("CREATE TABLE Later");
    await ledger.run("CREATE INDEX ON Later (oldDocumentId)");
    expect(await loadEvents(loader, early)).toEqual(["written"]);
  },

  "After a failure, the later messages of its FIFO group are handed back": async () => {
    const deliveries = [
      toDelivery("bad", [event({ id: freshId(), version: 1, op: "UPDATE", data: {} })], { group: "g" }),
      toDelivery("good", [event({ id: freshId(), version: 0, data: {} })], { group: "g" }),
      toDelivery("other", [event({ id: freshId(), version: 0, data: {} })], { group: "h" }),
    ];
    const report = await loaderWith().load(deliveries, { onFailure: "block-group" });
    expect(report.failed.map(({ deliveryId }) => deliveryId)).toEqual(["bad", "good"]);
  },

  "What cannot be decoded fails one delivery and not the batch": async () => {
    const good = `{op:"INSERT",table:"T",id:"${freshId()}",version:0,data:{}}`;
    const bodies = [Uint8Array.from([0xff, 0x00]), good, good.slice(0, -1)];
    const deliveries = bodies.map((body, i): Delivery => ({
      deliveryId: `${i}`,
      decode: () => decodeEvents(body),
    }));
    const thrower: Delivery = {
      deliveryId: "3",
      decode: () => {
        throw new TypeError("what was read so far");
      },
    };
    const report = await loaderWith().load([...deliveries, thrower], { onFailure: "continue" });
    expect(outcomesOf(report)).toEqual([
      "rejected malformed-event",
      "written",
      "rejected malformed-event",
      "rejected malformed-event",
    ]);
    expect(JSON.stringify(report.failed)).not.toContain("what was read so far");
  },

  "A source without versions orders its events by position": async () => {
    const id = freshId();
    const at = (position: number, n: number) => event({ id, op: "ANY", position: [position], data: { n } });
    expect(await loadEvents(loaderWith(), [at(10, 1)])).toEqual(["written"]);
    expect(await loadEvents(loaderWith(), [at(30, 3)])).toEqual(["written"]);
    expect(await loadEvents(loaderWith(), [at(20, 2), at(30, 3), at(30, 4)])).toEqual([
      "skipped superseded",
      "skipped already-applied",
      "rejected ambiguous-order",
    ]);
    expect(await historyOf(id)).toEqual(["{n:1}", "{n:3}"]);
  },

  "A deletion that overtakes its INSERT is recorded": async () => {
    const at = (id: string, position: number, op: EventFields["op"], n?: number) =>
      event({ id, op, position: [position], ...(n === undefined ? {} : { data: { n } }) });
    for (const strictness of ["strict", "lenient"] as const) {
      const id = freshId();
      const loader = loaderWith({ strictness });
      expect(await loadEvents(loader, [at(id, 2, "DELETE"), at(id, 2, "ANY")])).toEqual([
        "written",
        "skipped already-applied",
      ]);
      // Deleted once more, before the INSERT in between.
      expect(await loadEvents(loader, [at(id, 4, "DELETE")])).toEqual(["written"]);
      expect(await loadEvents(loader, [at(id, 3, "INSERT", 3)])).toEqual(["skipped superseded"]);
      expect(await loadEvents(loader, [at(id, 1, "INSERT", 1), at(id, 4, "INSERT", 4)])).toEqual([
        "skipped superseded",
        "rejected ambiguous-order",
      ]);
      expect(await historyOf(id)).toEqual([]);
      expect(await loadEvents(loader, [at(id, 5, "INSERT", 5), at(id, 6, "UPDATE", 6)])).toEqual([
        "written",
        "written",
      ]);
      expect(await historyOf(id)).toEqual(["{n:5}", "{n:6}"]);
    }
    const [unknown, versioned] = [freshId(), freshId()];
    const update = [at(unknown, 2, "UPDATE", 2)];
    expect(await loadEvents(loaderWith(), update)).toEqual(["rejected missing-document"]);
    expect(await loadEvents(loaderWith({ startMidHistory: true }), update)).toEqual(["written"]);
    expect(await loadEvents(loaderWith(), [event({ id: versioned, version: 1, op: "DELETE" })])).toEqual([
      "rejected version-gap",
    ]);
  },

  "A redacted revision is not a deletion": async () => {
    const [id, kept] = [freshId(), freshId()];
    const dataHash = hashOf("{n:1}");
    const redacted = event({ id, version: 1, op: "UPDATE", dataHash });
    const original = event({ id, version: 1, op: "UPDATE", data: { n: 1 } });
    const other = event({ id, version: 1, op: "UPDATE", data: { n: 2 } });
    await loadEvents(loaderWith(), [event({ id, version: 0, data: { n: 0 } }), redacted]);
    expect(await loadEvents(loaderWith(), [redacted, original, other])).toEqual([
      "skipped already-applied",
      "skipped already-applied",
      "rejected conflicting-revision",
    ]);
    expect(await loadEvents(loaderWith(), [event({ id, version: 2, op: "UPDATE", data: { n: 2 } })])).toEqual(
      ["written"],
    );
    expect(await historyOf(id)).toEqual([
      "{n:0}",
      `{ledgerLoaderDataHash:{{${Buffer.from(dataHash).toString("base64")}}}}`,
      "{n:2}",
    ]);
    // Redacted at the source after it was loaded here.
    await loadEvents(loaderWith(), [event({ id: kept, version: 0, data: { n: 1 } })]);
    expect(await loadEvents(loaderWith(), [event({ id: kept, version: 0, dataHash })])).toEqual([
      "skipped already-applied",
    ]);
  },

  "An event without an id is counted, and only inserts": async () => {
    const anonymous = toDelivery("1", [event({ data: { n: 1 } })]);
    const first = await loaderWith().load([anonymous], { onFailure: "continue" });
    const second = await loaderWith().load([anonymous], { onFailure: "continue" });
    expect([first, second].map(({ counts }) => counts.writtenWithoutId)).toEqual([1, 1]);
    expect(() => event({ op: "UPDATE", data: {} })).toThrow(/without one nothing can be found/);
    expect(() => event({ op: "DELETE" })).toThrow(/without one nothing can be found/);
    const strict = await loaderWith({ requireId: true }).load([anonymous], { onFailure: "continue" });
    expect(outcomesOf(strict)).toEqual(["rejected id-required"]);
  },
};

describe("Deliberate differences from the Java loader", () => {
  it.each(Object.entries(decisions))("%s", async (_, check) => {
    await check();
  });

  it("each have a page of the same name, and each page that names this file a test", () => {
    const pages = readdirSync(PAGES).map((name) => readFileSync(join(PAGES, name), "utf8"));
    const titles = pages
      .filter((page) => page.includes(THIS_FILE))
      .map((page) => /^# (.*)$/m.exec(page)?.[1]);
    expect(titles.toSorted()).toEqual(Object.keys(decisions).toSorted());
  });
});
