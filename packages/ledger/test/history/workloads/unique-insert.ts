// SPDX-License-Identifier: MIT
import { numbers, type Workload } from "../workload";

/** Clients that look a key up by an index and insert it if it is missing. */
export const uniqueInsert: Workload<number> = {
  name: "unique insert",
  rule: "a key that is inserted if it is missing is there once",
  setUp: () => ["CREATE TABLE Keys", "CREATE INDEX ON Keys (k)"],
  run: ({ driver, client, iteration, pause }) =>
    driver.executeLambda(async (transaction) => {
      const found = await numbers(transaction, "SELECT VALUE t.k FROM Keys AS t WHERE t.k = ?", iteration);
      await pause();
      if (found.length > 0) return undefined;
      await transaction.execute("INSERT INTO Keys VALUE {'k': ?, 'client': ?}", iteration, client);
      return iteration;
    }),
  readEnd: "SELECT t.k FROM Keys AS t",
  check: (committed, end) =>
    twice([...end.flat()])
      .map((key) => `unique insert: key ${key} is there twice`)
      .concat(
        twice(committed.map(({ seen }) => seen)).map(
          (key) => `unique insert: two clients inserted key ${key}`,
        ),
      ),
};

/** The numbers that are there more than once. */
export function twice(found: readonly number[]): number[] {
  return [...new Set(found.filter((number, at) => found.indexOf(number) !== at))];
}
