// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { LedgerLoaderError } from "@ledger-loader/errors";
import { encodeIon, readSingleValue } from "@ledger-loader/ion";
import { plainRuns } from "@ledger-loader/testkit";
import fc from "fast-check";
import { dom, dumpText } from "ion-js";
import { openTestStore, query, type TestStore } from "./open-test-store";
import type { EmbeddedLedger } from "../src/embedded-ledger";
import type { LedgerStoreOptions } from "../src/index";
import { OccConflictError } from "../src/errors";
import type { Transaction } from "../src/transaction/transaction";

/** One thing that a transaction does. `ifAbsent` reads first and writes depending on what it found. */
type Action =
  | { readonly kind: "run"; readonly statement: string; readonly parameters: readonly number[] }
  | { readonly kind: "ifAbsent"; readonly key: number };

/** One step of the schedule: a client goes on, or some clients commit at the same moment. */
type Step =
  | { readonly kind: "act"; readonly client: number; readonly action: Action }
  | { readonly kind: "commit"; readonly clients: readonly number[] }
  | { readonly kind: "abort"; readonly client: number };

/** A transaction that was committed, with all it saw. */
interface Committed {
  readonly actions: readonly Action[];
  readonly seen: readonly string[];
}

/** Where ledgers are: in a database, or in a folder of their own. */
type Place = Pick<LedgerStoreOptions, "postgresUrl">;

const clients = 4;
const key = fc.nat({ max: 4 });
const run = (statement: string, ...values: fc.Arbitrary<number>[]): fc.Arbitrary<Action> =>
  fc.tuple(...values).map((parameters) => ({ kind: "run", statement, parameters }));

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 3, arbitrary: run("SELECT t.k, t.v FROM T AS t WHERE t.k = ?", key) },
  { weight: 2, arbitrary: run("SELECT t.k, t.v FROM T AS t WHERE t.k IN [?, ?]", key, key) },
  { weight: 1, arbitrary: run("SELECT t.k, t.v FROM T AS t WHERE t.v > ?", key) },
  { weight: 1, arbitrary: run("SELECT h.data.v, h.metadata.version FROM history(T) AS h") },
  { weight: 1, arbitrary: run("SELECT name, status FROM information_schema.user_tables") },
  { weight: 3, arbitrary: run("INSERT INTO T << {'k': ?, 'v': ?} >>", key, key) },
  { weight: 3, arbitrary: run("UPDATE T SET v = v + 1 WHERE k = ?", key) },
  { weight: 2, arbitrary: run("UPDATE T SET k = ? WHERE k = ?", key, key) },
  { weight: 1, arbitrary: run("DELETE FROM T WHERE k = ?", key) },
  { weight: 1, arbitrary: run("UPDATE T SET v = 0 WHERE v > 3") },
  { weight: 1, arbitrary: run("CREATE TABLE U") },
  { weight: 1, arbitrary: run("DROP TABLE U") },
  { weight: 2, arbitrary: run("INSERT INTO U << {'k': ?} >>", key) },
  { weight: 3, arbitrary: key.map((absent): Action => ({ kind: "ifAbsent", key: absent })) },
);

const client = fc.nat({ max: clients - 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("act" as const), client, action }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("commit" as const),
      clients: fc.uniqueArray(client, { minLength: 1 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("abort" as const), client }) },
);

/** Does one thing and returns what a client sees of it; ids are random, so they are left out. */
async function act(transaction: Transaction, todo: Action): Promise<string> {
  const execute = async (statement: string, ...values: readonly number[]): Promise<string[]> => {
    const parameters = values.map((number) => ({
      ion: readSingleValue(encodeIon(new dom.Integer(number))),
    }));
    const rows = await (await transaction.execute(statement, parameters)).all();
    return rows.map((row) => dumpText(row).replace(/(documentId|tableId):"\w+"/, "$1")).sort();
  };
  if (todo.kind === "run") return (await execute(todo.statement, ...todo.parameters)).join();
  const found = await execute("SELECT t.v FROM T AS t WHERE t.k = ?", todo.key);
  if (found.length === 0) await execute("INSERT INTO T << {'k': ?, 'v': 0} >>", todo.key);
  return found.join();
}

async function open({ postgresUrl }: Place): Promise<TestStore> {
  const test = await openTestStore(postgresUrl === undefined ? {} : { postgresUrl });
  await query(test.ledger, "CREATE TABLE T");
  await query(test.ledger, "CREATE INDEX ON T (k)");
  return test;
}

/** Plays the schedule; returns what was committed, in the order of the journal, and how many conflicts there were. */
async function play(ledger: EmbeddedLedger, steps: readonly Step[]): Promise<Committed[]> {
  const open = new Map<number, { transaction: Transaction; actions: Action[]; seen: string[] }>();
  const committed: Committed[] = [];
  const last: Step = { kind: "commit", clients: Array.from({ length: clients }, (_, at) => at) };
  for (const now of [...steps, last]) {
    switch (now.kind) {
      case "act": {
        const current = open.get(now.client) ?? { transaction: await ledger.begin(), actions: [], seen: [] };
        open.set(now.client, current);
        current.actions.push(now.action);
        try {
          current.seen.push(await act(current.transaction, now.action));
        } catch (error) {
          // There is no such table, or there is one already: the client gives up.
          if (!(error instanceof LedgerLoaderError)) throw error;
          open.delete(now.client);
        }
        break;
      }
      case "abort":
        open.delete(now.client);
        break;
      case "commit":
        await Promise.all(
          now.clients.map(async (at) => {
            const current = open.get(at);
            open.delete(at);
            try {
              await current?.transaction.commit();
              if (current !== undefined) committed.push(current);
            } catch (error) {
              if (!(error instanceof OccConflictError)) throw error;
            }
          }),
        );
    }
  }
  return committed;
}

const state = async (ledger: EmbeddedLedger): Promise<string[]> =>
  (await query(ledger, "SELECT h.metadata.version, h.data FROM history(T) AS h")).sort();

/**
 * The guarantee of every storage: serializable transactions.
 *
 * @param runs - how many schedules are played by `pnpm test:laws`
 * @param findPlace - returns where ledgers are kept; those that transactions run in again one by one are in SQLite
 */
export function describeSerializability(name: string, runs: number, findPlace: () => Place): void {
  describe(`Transactions on ${name}`, () => {
    it("is serializable: what was committed is explained by running it in the order of the journal", async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40, size: "max" }), async (steps) => {
          const concurrent = await open(findPlace());
          const serial = await open({});
          try {
            const committed = await play(concurrent.ledger, steps);
            for (const { actions, seen } of committed) {
              const transaction = await serial.ledger.begin();
              const again: string[] = [];
              for (const todo of actions) again.push(await act(transaction, todo));
              await transaction.commit();
              expect(again).toEqual(seen);
            }
            expect(await state(serial.ledger)).toEqual(await state(concurrent.ledger));
            expect((await concurrent.ledger.verify()).findings).toEqual([]);
          } finally {
            await concurrent.close();
            await serial.close();
          }
        }),
        { numRuns: plainRuns(runs) },
      );
    });

    it("lets exactly one of two first inserts happen, by index and by scan", async () => {
      for (const where of ["t.k = 1", "t.other = 1"]) {
        const test = await open(findPlace());
        const looking = Array.from({ length: 3 }, async () => {
          const transaction = await test.ledger.begin();
          const found = await (await transaction.execute(`SELECT * FROM T AS t WHERE ${where}`, [])).all();
          expect(found).toEqual([]);
          return transaction;
        });
        // Nobody commits before all have looked.
        const transactions = await Promise.all(looking);
        const insert = async (transaction: Transaction): Promise<boolean> => {
          await transaction.execute("INSERT INTO T << {'k': 1, 'other': 1} >>", []);
          return transaction.commit().then(
            () => true,
            (error: unknown) => {
              expect(error).toBeInstanceOf(OccConflictError);
              return false;
            },
          );
        };
        const outcomes = await Promise.all(transactions.map(insert));
        expect(outcomes.filter(Boolean).length).toBe(1);
        expect((await query(test.ledger, "SELECT * FROM T")).length).toBe(1);
        await test.close();
      }
    });

    it("does not let transactions conflict that look up different keys, or that only insert", async () => {
      const test = await open(findPlace());
      const lookUp = async (k: number): Promise<void> => {
        const transaction = await test.ledger.begin();
        await act(transaction, { kind: "ifAbsent", key: k });
        await transaction.commit();
      };
      await Promise.all([lookUp(1), lookUp(2), lookUp(3)]);
      const insert = async (): Promise<void> => {
        const transaction = await test.ledger.begin();
        await transaction.execute("INSERT INTO T << {'k': 7} >>", []);
        await transaction.commit();
      };
      await Promise.all([insert(), insert(), insert()]);
      expect((await query(test.ledger, "SELECT * FROM T")).length).toBe(6);
      await test.close();
    });

    it("conflicts on what was read through one's own changes", async () => {
      const test = await open(findPlace());
      await query(test.ledger, "INSERT INTO T << {'k': 1, 'v': 1} >>");
      const transaction = await test.ledger.begin();
      await transaction.execute("UPDATE T SET v = 2 WHERE k = 1", []);
      await transaction.execute("DELETE FROM T WHERE k = 1", []);
      await query(test.ledger, "UPDATE T SET v = 3 WHERE k = 1");
      await expect(transaction.commit()).rejects.toThrow(OccConflictError);
      await test.close();
    });

    it.each([
      ["writes to a table that is dropped meanwhile", "INSERT INTO T << {'k': 1} >>", "DROP TABLE T"],
      ["makes a table that is made meanwhile", "CREATE TABLE U", "CREATE TABLE U"],
      ["lists tables while one is made", "SELECT * FROM information_schema.user_tables", "CREATE TABLE U"],
    ])("conflicts where one %s", async (_what, first, second) => {
      const test = await open(findPlace());
      const transaction = await test.ledger.begin();
      await (await transaction.execute(first, [])).all();
      await query(test.ledger, second);
      await expect(transaction.commit()).rejects.toThrow(OccConflictError);
      await test.close();
    });
  });
}
