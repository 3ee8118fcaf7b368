// SPDX-License-Identifier: MIT
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import {
  type Delivery,
  type Loader,
  type LoaderOptions,
  type RevisionEvent,
  decodeEvents,
} from "@ledger-loader/core";
import { dom } from "ion-js";
import { event, freshId, loaderInto } from "../../test/fresh-events";
import { counting } from "../../test/counting-ledger";
import { loadEvents, outcomesOf, toDelivery } from "../../test/load-events";
import { startTestLedger, type TestLedger } from "../../test/test-ledger";

let ledger: TestLedger;

beforeAll(async () => {
  ledger = await startTestLedger({ T: "oldDocumentId", U: "oldDocumentId", NoIndex: "other" });
});
afterAll(() => ledger.close());

const loaderWith = (options: Partial<LoaderOptions> = {}): Loader => loaderInto(ledger, options);

const historyOf = (id: string): Promise<readonly (string | undefined)[]> => ledger.historyOf("T", id);

describe("For the sake of the tables, a loader", () => {
  it("notices a table that is created after it started", async () => {
    const loader = loaderWith();
    const late = event({ id: freshId(), table: "Late", version: 0, data: {} });
    expect(await loadEvents(loader, [late])).toEqual(["rejected unknown-table"]);
    await ledger.run("CREATE TABLE Late");
    expect(await loadEvents(loader, [late])).toEqual(["rejected index-missing"]);
    await ledger.run("CREATE INDEX ON Late (oldDocumentId)");
    expect(await loadEvents(loader, [late])).toEqual(["written"]);
  });

  it("refuses a table without an index on the id field, as every write would scan it", async () => {
    const outcomes = await loadEvents(loaderWith(), [
      event({ id: freshId(), table: "NoIndex", version: 0, data: {} }),
    ]);
    expect(outcomes).toEqual(["rejected index-missing"]);
  });

  it("creates tables and indexes where it is told to, also two loaders at once", async () => {
    const make = (i: number) => event({ id: freshId(), table: `Made${i % 2}`, version: 0, data: {} });
    const loaders = [loaderWith({ createTables: true }), loaderWith({ createTables: true })];
    const outcomes = await Promise.all(
      loaders.map((loader, i) => loadEvents(loader, [make(i), make(i + 1)])),
    );
    expect(outcomes).toEqual([
      ["written", "written"],
      ["written", "written"],
    ]);
  });

  it("keeps its own table to itself", async () => {
    const own = event({ id: "x", table: "LedgerLoaderBookkeeping", version: 0, data: {} });
    expect(await loadEvents(loaderWith(), [own])).toEqual(["rejected invalid-table"]);
  });

  it("does not overwrite an id field that the document has already", async () => {
    const id = freshId();
    expect(
      await loadEvents(loaderWith(), [
        event({ id, version: 0, data: { oldDocumentId: "other" } }),
        event({ data: { oldDocumentId: "without an id" } }),
        event({ id, version: 0, data: { oldDocumentId: id, n: 1 } }),
      ]),
    ).toEqual(["rejected id-field-conflict", "rejected id-field-conflict", "written"]);
    expect(await historyOf(id)).toEqual(["{n:1}"]);
  });
});

describe("For throughput, a loader", () => {
  it("packs many events into few transactions, with one read per table and one INSERT", async () => {
    const { outer, counts } = counting(ledger.connect());
    const loader = loaderWith({ ledger: outer });
    const events = Array.from({ length: 40 }, () => event({ id: freshId(), version: 0, data: { n: 1 } }));
    await loadEvents(loader, events.slice(0, 0));
    expect(await loadEvents(loader, events)).toEqual(Array(40).fill("written"));
    expect(counts.statements.filter((statement) => statement.startsWith("INSERT"))).toHaveLength(1);
    // One look at the tables, then the transaction: documents, bookkeeping, INSERT.
    expect(counts).toMatchObject({ transactions: 2, statements: { length: 4 } });
  });

  it("judges a second replay in few transactions", async () => {
    const ids = [freshId(), freshId(), freshId()];
    const events = ids.flatMap((id) =>
      Array.from({ length: 30 }, (_, version) =>
        event({ id, version, op: version === 0 ? "INSERT" : "UPDATE", data: { version } }),
      ),
    );
    await loadEvents(loaderWith(), events);
    const { outer, counts } = counting(ledger.connect());
    expect(await loadEvents(loaderWith({ ledger: outer }), events)).toEqual(
      Array(90).fill("skipped already-applied"),
    );
    expect(counts.transactions).toBe(2);
  });

  it("stays within the ledger's limits: documents, bookkeeping included, and bytes", async () => {
    const big = "x".repeat(120_000);
    const large = Array.from({ length: 45 }, () => event({ id: freshId(), version: 0, data: { big } }));
    const booked = Array.from({ length: 45 }, () => event({ id: freshId(), position: [1], data: {} }));
    const outcomes = await loadEvents(loaderWith(), [...large, ...booked]);
    expect(outcomes).toEqual(Array(90).fill("written"));
  });

  it("finds the one event that the ledger refuses, and writes the others", async () => {
    const tooBig = event({ id: freshId(), version: 0, data: { big: "x".repeat(140_000) } });
    const good = Array.from({ length: 20 }, () => event({ id: freshId(), version: 0, data: {} }));
    const events = [...good.slice(0, 7), tooBig, ...good.slice(7)];
    const expected = (reason: string) => events.map((each) => (each === tooBig ? reason : "written"));
    expect(await loadEvents(loaderWith(), [tooBig])).toEqual(["rejected document-too-large"]);
    // A loader that believes the ledger to take more must be told by the ledger.
    const outcomes = await loadEvents(loaderWith({ limits: { documentBytesMax: 200_000 } }), events);
    expect(outcomes).toEqual(expected("rejected ledger-refused"));
  });

  it("makes one document of two first INSERTs at once", async () => {
    const events = Array.from({ length: 30 }, () => event({ id: freshId(), version: 0, data: { n: 1 } }));
    const loaders = [loaderWith(), loaderWith(), loaderWith()];
    const outcomes = await Promise.all(loaders.map((loader) => loadEvents(loader, events)));
    for (const i of events.keys()) {
      expect(outcomes.map((each) => each[i]).toSorted()).toEqual([
        "skipped already-applied",
        "skipped already-applied",
        "written",
      ]);
    }
    const found = await ledger.run(
      "SELECT COUNT(*) AS n FROM T WHERE oldDocumentId IN ?",
      new dom.List(events.map((each) => each.id!.value)),
    );
    expect(found[0]?.get("n")?.numberValue()).toBe(30);
  });
});

describe("For a source transaction, a loader", () => {
  const load = async (events: readonly RevisionEvent[], options: Partial<LoaderOptions> = {}) =>
    loaderWith(options).load([toDelivery("tx", events, { atomic: true })], { onFailure: "continue" });

  it("writes all of it in one transaction", async () => {
    const { outer, counts } = counting(ledger.connect());
    const events = ["T", "U"].map((table) => event({ id: freshId(), table, version: 0, data: {} }));
    const report = await load(events, { ledger: outer });
    expect(outcomesOf(report)).toEqual(["written", "written"]);
    expect(report.deliveries[0]?.split).toBe(false);
    expect(counts.transactions).toBe(2);
  });

  it("writes nothing of it if one event is rejected", async () => {
    const id = freshId();
    const report = await load([
      event({ id, version: 0, data: {} }),
      event({ id: freshId(), version: 3, op: "UPDATE", data: {} }),
    ]);
    expect(outcomesOf(report)).toEqual(["rejected transaction-rejected", "rejected version-gap"]);
    expect(report.failed[0]?.events[0]?.outcome).toMatchObject({ retryable: true });
    expect(await historyOf(id)).toEqual([]);
  });

  it("splits it where two events would merge into one revision, and reports that", async () => {
    const id = freshId();
    const report = await load([
      event({ id, version: 0, data: { n: 0 } }),
      event({ id, version: 1, op: "UPDATE", data: { n: 1 } }),
    ]);
    expect(outcomesOf(report)).toEqual(["written", "written"]);
    expect(report.deliveries[0]?.split).toBe(true);
    expect(await historyOf(id)).toEqual(["{n:0}", "{n:1}"]);
  });

  it("splits it where it exceeds the ledger's limits, and reports that", async () => {
    const report = await load(
      Array.from({ length: 41 }, () => event({ id: freshId(), version: 0, data: {} })),
    );
    expect(outcomesOf(report)).toEqual(Array(41).fill("written"));
    expect(report.deliveries[0]?.split).toBe(true);
  });

  it("waits for what it builds upon, if that is in the same batch", async () => {
    const [a, b] = [freshId(), freshId()];
    const report = await loaderWith().load(
      [
        toDelivery(
          "second",
          [event({ id: a, version: 1, op: "UPDATE", data: {} }), event({ id: b, version: 0, data: {} })],
          {
            atomic: true,
          },
        ),
        toDelivery("first", [event({ id: a, version: 0, data: {} })]),
      ],
      { onFailure: "continue" },
    );
    expect(outcomesOf(report)).toEqual(["written", "written", "written"]);
  });
});

describe("For a channel that keeps groups in order, a loader", () => {
  it("hands back what follows a failure in its group, though it was applied", async () => {
    const [bad, good] = [freshId(), freshId()];
    const deliveries = [
      toDelivery("1", [event({ id: bad, version: 1, op: "UPDATE", data: {} })], { group: "g" }),
      toDelivery("2", [event({ id: good, version: 0, data: {} })], { group: "g" }),
      toDelivery("3", [event({ id: freshId(), version: 0, data: {} })], { group: "h" }),
    ];
    const report = await loaderWith().load(deliveries, { onFailure: "block-group" });
    expect(outcomesOf(report)).toEqual(["rejected version-gap", "written", "written"]);
    expect(report.failed.map(({ deliveryId, heldBack }) => [deliveryId, heldBack])).toEqual([
      ["1", false],
      ["2", true],
    ]);
    const again = await loaderWith().load(deliveries, { onFailure: "continue" });
    expect(again.failed.map(({ deliveryId }) => deliveryId)).toEqual(["1"]);
  });

  it("does not apply unordered events that will be handed back, whatever record they are about", async () => {
    const [bad, good] = [freshId(), freshId()];
    const report = await loaderWith().load(
      [
        toDelivery("1", [event({ id: bad, op: "UPDATE", data: {} })], { group: "g" }),
        toDelivery("2", [event({ id: good, data: {} })], { group: "g" }),
      ],
      { onFailure: "block-group" },
    );
    expect(outcomesOf(report)).toEqual(["rejected missing-document", "rejected held-up"]);
  });

  it("does not apply them behind bytes that are no event either, but what has a version", async () => {
    const [unordered, ordered] = [freshId(), freshId()];
    const refused: Delivery = { deliveryId: "1", group: "g", decode: () => decodeEvents("{op:") };
    const report = await loaderWith().load(
      [
        toDelivery("0", [event({ id: unordered, data: {} })], { group: "g" }),
        refused,
        toDelivery("2", [event({ id: unordered, op: "UPDATE", data: { n: 2 } })], { group: "g" }),
        toDelivery("3", [event({ id: ordered, version: 0, data: {} })], { group: "g" }),
        toDelivery("4", [event({ id: freshId(), data: {} })], { group: "h" }),
      ],
      { onFailure: "block-group" },
    );
    expect(outcomesOf(report)).toEqual([
      "written",
      "rejected malformed-event",
      "rejected held-up",
      "written",
      "written",
    ]);
    expect(report.failed.map(({ deliveryId }) => deliveryId)).toEqual(["1", "2", "3"]);
  });
});
