// SPDX-License-Identifier: MIT
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Ledger, RevisionEvent } from "@ledger-loader/core";
import { counting } from "../../test/counting-ledger";
import { event, freshId, loaderInto } from "../../test/fresh-events";
import { loadEvents } from "../../test/load-events";
import { startTestLedger, type TestLedger } from "../../test/test-ledger";

let ledger: TestLedger;
beforeAll(async () => {
  ledger = await startTestLedger();
});
afterAll(() => ledger.close());

/** Records with one revision each, and the next one of each. */
async function insertRecords(
  count: number,
  data: object = {},
): Promise<(version: number) => RevisionEvent[]> {
  const ids = Array.from({ length: count }, freshId);
  await loadEvents(
    loaderInto(ledger),
    ids.map((id) => event({ id, version: 0, data: { n: 0 } })),
  );
  return (version) => ids.map((id) => event({ id, op: "UPDATE", version, data: { n: version, ...data } }));
}

/** A ledger that refuses to explain statements, as QLDB did. */
function withoutExplain(inner: Ledger): Ledger {
  return {
    transact: (work) =>
      inner.transact((transaction) =>
        work({
          ...transaction,
          execute: (statement, ...parameters) =>
            transaction.execute(statement.replace("EXPLAIN FROM", "EXPLAINED FROM"), ...parameters),
        }),
      ),
    close: () => inner.close(),
  };
}

const startingWith = (statements: readonly string[], word: string): number =>
  statements.filter((statement) => statement.startsWith(word)).length;

describe("Replacements in bulk", () => {
  it("take one statement for a transaction's documents, where the ledger announces it, and are asked for once", async () => {
    const updates = await insertRecords(40);
    const { outer, counts } = counting(ledger.connect());
    const loader = loaderInto(ledger, { ledger: outer, sessions: 1 });
    expect(await loadEvents(loader, updates(1))).toEqual(Array(40).fill("written"));
    expect(await loadEvents(loader, updates(2))).toEqual(Array(40).fill("written"));
    const count = (word: string) => startingWith(counts.statements, word);
    expect([count("EXPLAIN"), count("FROM"), count("UPDATE")]).toEqual([1, 2, 0]);
    const [first] = updates(2);
    expect(await ledger.historyOf("T", String(first?.id?.value.stringValue()))).toEqual([
      "{n:0}",
      "{n:1}",
      "{n:2}",
    ]);
  });

  it("take a statement each where the ledger refuses the question, in the same transaction", async () => {
    const updates = await insertRecords(5);
    const { outer, counts } = counting(withoutExplain(ledger.connect()));
    const loader = loaderInto(ledger, { ledger: outer, sessions: 1 });
    expect(await loadEvents(loader, updates(1))).toEqual(Array(5).fill("written"));
    expect(counts.transactions).toBe(2);
    expect(await loadEvents(loader, updates(2))).toEqual(Array(5).fill("written"));
    const count = (word: string) => startingWith(counts.statements, word);
    expect([count("EXPLAIN"), count("FROM"), count("UPDATE")]).toEqual([1, 0, 10]);
  });

  it("are not asked for where there is one document, or none", async () => {
    const updates = await insertRecords(1);
    const { outer, counts } = counting(ledger.connect());
    await loadEvents(loaderInto(ledger, { ledger: outer }), updates(1));
    await loadEvents(loaderInto(ledger, { ledger: outer }), [event({ id: freshId(), version: 0, data: {} })]);
    const count = (word: string) => startingWith(counts.statements, word);
    expect([count("EXPLAIN"), count("FROM"), count("UPDATE")]).toEqual([0, 0, 1]);
  });

  it("are split where they do not fit a parameter, the greatest documents one by one", async () => {
    const updates = await insertRecords(4, { text: "x".repeat(60_000) });
    const [large] = (await insertRecords(1, { text: "x".repeat(131_000) }))(1);
    const { outer, counts } = counting(ledger.connect());
    const loader = loaderInto(ledger, { ledger: outer, sessions: 1 });
    expect(await loadEvents(loader, [...updates(1), large!])).toEqual(Array(5).fill("written"));
    const count = (word: string) => startingWith(counts.statements, word);
    expect([count("FROM"), count("UPDATE")]).toEqual([2, 1]);
  });

  it("spare the others where the ledger refuses one of them", async () => {
    await ledger.run("CREATE UNIQUE INDEX ON T (code)");
    await loadEvents(loaderInto(ledger), [event({ id: freshId(), version: 0, data: { code: "taken" } })]);
    const updates = (await insertRecords(9))(1);
    const bad = event({ id: updates[4]!.id!.value, op: "UPDATE", version: 1, data: { code: "taken" } });
    const outcomes = await loadEvents(loaderInto(ledger), updates.with(4, bad));
    expect(outcomes).toEqual(Array(9).fill("written").with(4, "rejected ledger-refused"));
  });
});
