// SPDX-License-Identifier: MIT
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type EventFields, type Loader, type LoaderOptions } from "@ledger-loader/core";
import { event, freshId, loaderInto } from "../../test/fresh-events";
import { counting } from "../../test/counting-ledger";
import { loadEvents, outcomesOf, toDelivery } from "../../test/load-events";
import { startTestLedger, type TestLedger } from "../../test/test-ledger";

let ledger: TestLedger;

beforeAll(async () => {
  ledger = await startTestLedger();
});
afterAll(() => ledger.close());

const loaderWith = (options: Partial<LoaderOptions> = {}): Loader => loaderInto(ledger, options);

// A loader that starts after the table was dropped finds it missing: one that runs must not answer otherwise, as
// `ledger-refused` is parked for good.
describe("A loader under which a table is dropped has the outcome of one that starts now: it", () => {
  let tables = 0;
  /** A running loader that knows its two tables, the first of which was dropped since. */
  async function warmLoader(options: Partial<LoaderOptions> = {}) {
    const [dropped, kept] = [`Dropped${++tables}`, `Kept${tables}`];
    const loader = loaderWith({ createTables: true, ...options });
    const insert = (table: string, fields: Partial<EventFields> = {}) =>
      event({ id: freshId(), table, version: 0, data: {}, ...fields });
    const first = [insert(dropped), insert(kept)];
    await loadEvents(loaderWith({ createTables: true }), first);
    expect(await loadEvents(loader, first)).toEqual(Array(2).fill("skipped already-applied"));
    await ledger.run(`DROP TABLE ${dropped}`);
    return { loader, dropped, kept, insert };
  }

  it("finds the table missing, and writes to the others", async () => {
    const { loader, dropped, kept, insert } = await warmLoader({ createTables: false });
    expect(await loadEvents(loader, [insert(dropped), insert(kept), insert(dropped)])).toEqual([
      "rejected unknown-table",
      "written",
      "rejected unknown-table",
    ]);
  });

  it("creates the table where it is told to", async () => {
    const { loader, dropped, kept, insert } = await warmLoader();
    const id = freshId();
    const versions = [0, 1, 2].map((version) =>
      insert(dropped, { op: version === 0 ? "INSERT" : "UPDATE", id, version, data: { version } }),
    );
    expect(await loadEvents(loader, [...versions, insert(kept)])).toEqual(Array(4).fill("written"));
  });

  it("runs a source transaction again as one, and what waited for it in a FIFO group", async () => {
    const { loader, dropped, kept, insert } = await warmLoader();
    const deliveries = [
      toDelivery("a", [insert(dropped), insert(kept)], { atomic: true, group: "g" }),
      toDelivery("b", [event({ table: kept, data: {} })], { group: "g" }),
    ];
    const report = await loader.load(deliveries, { onFailure: "block-group" });
    expect(outcomesOf(report)).toEqual(Array(3).fill("written"));
    expect(report.deliveries[0]?.split).toBe(false);
  });

  it("does not write twice what has no id", async () => {
    const { loader, dropped, kept, insert } = await warmLoader();
    const mark = freshId();
    const anonymous = event({ table: kept, data: { mark } });
    expect(await loadEvents(loader, [anonymous, insert(dropped)])).toEqual(["written", "written"]);
    expect(await ledger.run(`SELECT * FROM ${kept} WHERE mark = '${mark}'`)).toHaveLength(1);
  });

  it("does not try again without end what the ledger refuses for another reason", async () => {
    const { outer, counts } = counting(ledger.connect());
    const loader = loaderWith({ ledger: outer, limits: { documentBytesMax: 1024 * 1024 } });
    await loadEvents(loader, [event({ id: freshId(), version: 0, data: {} })]);
    const before = counts.transactions;
    const large = event({ id: freshId(), version: 0, data: { text: "x".repeat(300 * 1024) } });
    expect(await loadEvents(loader, [large])).toEqual(["rejected ledger-refused"]);
    expect(counts.transactions - before).toBe(3);
  });
});
