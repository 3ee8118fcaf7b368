// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import {
  BaseRevisionWriter,
  type Loader,
  type RevisionEvent,
  createEvent,
  createLoader,
} from "@ledger-loader/core";
import { randomHistories, seededRandom, type Random } from "@ledger-loader/testkit";
import { loadEvents, outcomesOf, toDelivery } from "../test/load-events";
import { CountingWriter } from "../test/counting-writer";
import { startTestLedger, type TestLedger } from "../test/test-ledger";

let ledger: TestLedger;

beforeEach(async () => {
  ledger = await startTestLedger();
});
afterEach(() => ledger.close());

function loaderWith(dryRun: boolean): Loader {
  return createLoader({ ledger: ledger.connect(), writer: new BaseRevisionWriter(), dryRun });
}

/** Events in any order, some twice, some with content that conflicts. */
function shuffled(random: Random, events: readonly RevisionEvent[]): RevisionEvent[] {
  const all = events.flatMap((event) => {
    const { op, table, id, version } = event;
    const conflicting = createEvent({ op: "ANY", table, id: id?.value, version, data: { other: true } });
    return [
      event,
      ...(random.chance(0.3) ? [event] : []),
      ...(random.chance(0.1) && op !== "DELETE" ? [conflicting] : []),
    ];
  });
  return all
    .map((event) => ({ event, place: random.below(1_000_000) }))
    .sort((a, b) => a.place - b.place)
    .map(({ event }) => event);
}

describe("A dry run", () => {
  it.each([1, 2, 3, 4])(
    "foretells how every event would end, upon what went before (seed %d)",
    async (seed) => {
      const random = seededRandom(seed);
      const histories = randomHistories(random, { table: "T", records: 6, versionsMax: 8 });
      const before = histories.flatMap((history) => history.slice(0, random.below(history.length)));
      await loadEvents(loaderWith(false), before);
      const events = shuffled(random, histories.flat());
      const batches = [events.slice(0, events.length / 2), events.slice(events.length / 2)];
      const revisions = await ledger.history("T");

      const dry = loaderWith(true);
      const foretold: (readonly string[])[] = [];
      for (const batch of batches) foretold.push(await loadEvents(dry, batch));
      expect(await ledger.history("T")).toEqual(revisions);

      const real = loaderWith(false);
      for (const [i, batch] of batches.entries()) expect(foretold[i]).toEqual(await loadEvents(real, batch));
    },
  );

  it("foretells records with positions, and source transactions all or nothing", async () => {
    const at = (position: number, n: number) =>
      createEvent({ op: "ANY", table: "T", id: "p.", position: [position], data: { n } });
    const good = createEvent({ op: "INSERT", table: "T", id: "a.", version: 0, data: {} });
    const bad = createEvent({ op: "DELETE", table: "T", id: "b.", version: 0 });
    const batch = [
      toDelivery("1", [at(5, 1)]),
      toDelivery("2", [at(9, 2)]),
      toDelivery("3", [at(7, 3)]),
      toDelivery("4", [good, bad], { atomic: true }),
    ];
    const options = { onFailure: "continue" } as const;
    const foretold = outcomesOf(await loaderWith(true).load(batch, options));
    expect(foretold).toEqual(outcomesOf(await loaderWith(false).load(batch, options)));
    expect(foretold.slice(-2)).toEqual(["rejected transaction-rejected", "rejected missing-document"]);
  });

  it("shows a writer that builds upon the revision before what that would be", async () => {
    const make = (dryRun: boolean): Loader =>
      createLoader({ ledger: ledger.connect(), writer: new CountingWriter(), dryRun });
    const of = (version: number): RevisionEvent =>
      createEvent({ op: "ANY", table: "T", id: "counted", version, data: { version } });
    const batches = [[of(0)], [of(1)], [of(2)], [of(1), of(2)]];
    const run = async (loader: Loader): Promise<readonly (readonly string[])[]> => {
      const outcomes: (readonly string[])[] = [];
      for (const batch of batches) outcomes.push(await loadEvents(loader, batch));
      return outcomes;
    };
    const foretold = await run(make(true));
    expect(foretold.at(-1)).toEqual(["skipped already-applied", "skipped already-applied"]);
    expect(foretold).toEqual(await run(make(false)));
  });

  it("creates no table, neither its own nor others, and takes those that it may create for empty ones", async () => {
    const make = (dryRun: boolean, createTables: boolean): Loader =>
      createLoader({ ledger: ledger.connect(), writer: new BaseRevisionWriter(), dryRun, createTables });
    const of = (table: string, op: "INSERT" | "UPDATE" | "DELETE", version: number): RevisionEvent =>
      createEvent({ op, table, id: "x", version, ...(op === "DELETE" ? {} : { data: {} }) });
    const events = [
      of("T", "INSERT", 0),
      of("Missing", "INSERT", 0),
      of("Missing", "UPDATE", 1),
      of("Missing", "UPDATE", 1),
      of("Missing", "DELETE", 2),
      of("Missing", "INSERT", 3),
      of("Missing", "UPDATE", 5),
    ];
    expect((await loadEvents(make(true, false), events)).slice(0, 2)).toEqual([
      "written",
      "rejected unknown-table",
    ]);
    const foretold = await loadEvents(make(true, true), events);
    const names = await ledger.run("SELECT name FROM information_schema.user_tables");
    expect(names.map((row) => row.get("name")?.stringValue())).toEqual(["T"]);
    expect(foretold).toEqual(await loadEvents(make(false, true), events));
  });
});
