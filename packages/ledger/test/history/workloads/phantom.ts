// SPDX-License-Identifier: MIT
import { numbers, type Workload } from "../workload";

/** Clients that count the documents of a group, without an index, and insert one more with that number. */
export const phantom: Workload<number> = {
  name: "phantom",
  rule: "documents that are numbered by counting have different numbers",
  setUp: () => ["CREATE TABLE Bookings"],
  run: ({ driver, iteration, pause }) =>
    driver.executeLambda(async (transaction) => {
      const group = iteration % 3;
      const count = "SELECT VALUE b.n FROM Bookings AS b WHERE b.g = ?";
      const { length } = await numbers(transaction, count, group);
      await pause();
      await transaction.execute("INSERT INTO Bookings VALUE {'g': ?, 'n': ?}", group, length);
      return undefined;
    }),
  readEnd: "SELECT b.g, b.n FROM Bookings AS b",
  check(_committed, end) {
    const groups = new Map<number, number[]>();
    for (const [group = NaN, n = NaN] of end) groups.set(group, [...(groups.get(group) ?? []), n]);
    return [...groups]
      .filter(([, found]) => found.sort((a, b) => a - b).some((n, at) => n !== at))
      .map(([group, found]) => `phantom: group ${group} has the numbers ${found.join(" ")}`);
  },
};
