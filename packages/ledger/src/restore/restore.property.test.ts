// SPDX-License-Identifier: MIT
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { LedgerLoaderError } from "@ledger-loader/errors";
import { openExport } from "@ledger-loader/export";
import { arbitraryDocumentText, describeWhen } from "@ledger-loader/testkit";
import fc from "fast-check";
import { databaseAvailability, openTestPostgres, type TestPostgres } from "../../test/open-test-database";
import { ion, openTestStore, query } from "../../test/open-test-store";
import { collect } from "../../test/storage-sketches";
import { type EmbeddedLedger, LedgerStore, type LedgerStoreOptions } from "../index";
import { PostgresDirectory } from "../storage/postgres/postgres-directory";
import { SqliteDirectory } from "../storage/sqlite/sqlite-directory";

const isFull = process.env["SIM_FULL"] === "1";

/** One statement with its parameters as Ion text. */
type Action = readonly [statement: string, ...parameters: string[]];

const table = fc.constantFrom("A", "B", "C", "D");
const key = fc.nat({ max: 3 }).map(String);

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(table.map((name) => `CREATE TABLE ${name}`)) },
  { weight: 1, arbitrary: fc.tuple(table.map((name) => `DROP TABLE ${name}`)) },
  { weight: 1, arbitrary: fc.tuple(table.map((name) => `CREATE INDEX ON ${name} (k)`)) },
  {
    weight: 4,
    arbitrary: fc.tuple(
      table.map((name) => `INSERT INTO ${name} << {'k': ?}, {'k': 0} >>`),
      key,
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(
      table.map((name) => `INSERT INTO ${name} ?`),
      arbitraryDocumentText,
    ),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(
      table.map((name) => `UPDATE ${name} SET k = ?, n = 1 WHERE k = ?`),
      key,
      key,
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(
      table.map((name) => `DELETE FROM ${name} WHERE k = ?`),
      key,
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(
      table.map((name) => `SELECT * FROM ${name} WHERE k = ?`),
      key,
    ),
  },
);

type Place = Pick<LedgerStoreOptions, "dataFolder" | "postgresUrl">;

/** How a journal is exported. */
interface Parts {
  readonly cuts: readonly number[];
  readonly format: "ion-text" | "ion-binary";
}

/** Transactions, each of some statements. */
const history = fc.array(fc.array(action, { minLength: 1, maxLength: 4 }), { minLength: 4, maxLength: 25 });

/** Runs a transaction; one that is refused leaves nothing. */
async function transact(ledger: EmbeddedLedger, actions: readonly Action[]): Promise<void> {
  try {
    await ledger.transact(async (transaction) => {
      for (const [statement, ...parameters] of actions) {
        await transaction.execute(statement, ...parameters.map(ion));
      }
    });
  } catch (error) {
    if (!(error instanceof LedgerLoaderError)) throw error;
  }
}

/** All that can be asked of a ledger. */
async function askAll(ledger: EmbeddedLedger): Promise<readonly string[]> {
  const tables = await query(ledger, "SELECT VALUE tableId FROM information_schema.user_tables");
  const active = await query(
    ledger,
    "SELECT VALUE name FROM information_schema.user_tables WHERE status = 'ACTIVE'",
  );
  const questions = [
    "SELECT * FROM information_schema.user_tables",
    ...tables.map((tableId) => `SELECT * FROM history('${tableId.replaceAll('"', "")}')`),
    ...active.flatMap((name) => [
      `SELECT * FROM _ql_committed_${name}`,
      `SELECT * FROM ${name} WHERE k IN (0, 1)`,
    ]),
  ].map((question) => question.replaceAll('"', ""));
  const answers = await Promise.all(questions.map((question) => query(ledger, question)));
  return answers.flatMap((rows, at) => [questions[at] ?? "", ...rows.toSorted()]);
}

async function blocksOf(ledger: EmbeddedLedger): Promise<string[]> {
  return (await collect(ledger.blocks())).map(({ ion: bytes }) => Buffer.from(bytes).toString("hex"));
}

async function derivedOf({ dataFolder = "", postgresUrl }: Place, last: number): Promise<string[]> {
  const directory =
    postgresUrl === undefined
      ? await SqliteDirectory.open(dataFolder)
      : await PostgresDirectory.open(postgresUrl);
  const storage = await directory.open("test");
  try {
    return await collect(storage!.derivedState(last));
  } finally {
    await storage?.close();
    await directory.close();
  }
}

/** Exports a ledger in some parts, and restores them one after the other. */
async function restoreInParts(
  ledger: EmbeddedLedger,
  store: LedgerStore,
  folder: string,
  { cuts, format }: Parts,
): Promise<void> {
  const end = (await ledger.readHead())!.sequenceNo;
  const starts = [...new Set([0, ...cuts.map((cut) => cut % (end + 1))])].toSorted((a, b) => a - b);
  for (const [at, first] of starts.entries()) {
    const last = (starts[at + 1] ?? end + 1) - 1;
    const part = join(folder, `part-${at}`);
    const { manifestPath } = await ledger.export({ folder: part, format, first, last, maxObjectBytes: 2048 });
    const { report, restored } = await store.restoreLedger("test", await openExport([manifestPath]));
    expect([report.verdict, restored?.blocks, report.findings]).toEqual(["passed", last + 1, []]);
  }
}

async function check(
  transactions: readonly (readonly Action[])[],
  parts: Parts,
  postgresUrl: string | undefined,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "restore-law-"));
  const test = await openTestStore();
  await transact(test.ledger, [["CREATE TABLE A"], ["CREATE INDEX ON A (k)"]]);
  for (const actions of transactions) await transact(test.ledger, actions);
  const place = postgresUrl === undefined ? { dataFolder: join(folder, "restored") } : { postgresUrl };
  const store = await LedgerStore.open(place);
  try {
    await restoreInParts(test.ledger, store, folder, parts);
    const restored = await store.open("test");
    expect(await blocksOf(restored)).toEqual(await blocksOf(test.ledger));
    const digest = await test.ledger.digest();
    expect(await restored.digest()).toEqual(digest);
    expect(await askAll(restored)).toEqual(await askAll(test.ledger));
    await transact(restored, [["INSERT INTO A {'k': 9}"]]);
    await transact(restored, [["CREATE TABLE Z"], ["INSERT INTO Z {'k': 9}"]]);
    expect(await restored.verify({ digest })).toMatchObject({ verdict: "passed", assurance: "anchored" });
    await store.close();
    await test.store.close();
    const last = digest.tipAddress.sequenceNo;
    expect(await derivedOf(place, last)).toEqual(await derivedOf({ dataFolder: test.dataFolder }, last));
  } finally {
    await store.close();
    await test.close();
    await rm(folder, { recursive: true });
  }
}

const parts: fc.Arbitrary<Parts> = fc.record({
  cuts: fc.array(fc.nat({ max: 40 }), { maxLength: 3 }),
  format: fc.constantFrom("ion-text", "ion-binary"),
});
const LAW = "is the old one: blocks, digest, answers and all derived rows, however the exports were cut";

describe("A restored ledger", () => {
  it(`${LAW}, on SQLite`, async () => {
    await fc.assert(
      fc.asyncProperty(history, parts, (transactions, cut) => check(transactions, cut, undefined)),
      // To find the smallest history that fails takes hundreds of runs: what failed is told at once.
      { numRuns: isFull ? 200 : 8, endOnFailure: !isFull },
    );
  }, 600_000);
});

describeWhen(databaseAvailability(), describe)("A ledger that is restored into PostgreSQL", () => {
  let postgres: TestPostgres;
  beforeAll(async () => {
    postgres = await openTestPostgres();
  });
  afterAll(() => postgres.close());

  it(
    LAW,
    async () => {
      await fc.assert(
        fc.asyncProperty(history, parts, async (transactions, cut) =>
          check(transactions, cut, await postgres.makeDatabase()),
        ),
        { numRuns: isFull ? 60 : 4, endOnFailure: !isFull },
      );
    },
    600_000,
  );
});
