// SPDX-License-Identifier: MIT
import { numbers, type Workload } from "../workload";
import { twice } from "./unique-insert";

/** Clients that read a counter and write the next number. A transaction that begins after another has ended sees that one. */
export const counters: Workload<number> = {
  name: "counters",
  rule: "a counter counts every commit, in the order of time",
  setUp: () => [
    "CREATE TABLE Counters",
    "CREATE INDEX ON Counters (c)",
    "INSERT INTO Counters VALUE {'c': 0, 'total': 0}",
  ],
  run: ({ driver, pause }) =>
    driver.executeLambda(async (transaction) => {
      const [value = NaN] = await numbers(
        transaction,
        "SELECT VALUE t.total FROM Counters AS t WHERE t.c = 0",
      );
      await pause();
      await transaction.execute("UPDATE Counters AS t SET t.total = ? WHERE t.c = 0", value + 1);
      return value + 1;
    }),
  readEnd: "SELECT t.total FROM Counters AS t",
  check(committed, end) {
    const values = committed.map(({ seen }) => seen);
    const last = end.flat()[0];
    return [
      ...twice(values).map((value) => `counters: two clients wrote ${value}`),
      ...(last === committed.length
        ? []
        : [`counters: ${committed.length} commits counted to ${last ?? "nothing"}`]),
      ...backwards(committed),
    ];
  },
};

/** Commits that began after another one had ended, and have a lower value. */
function backwards(committed: readonly { startedAtMs: number; endedAtMs: number; seen: number }[]): string[] {
  const byStart = [...committed].sort((a, b) => a.startedAtMs - b.startedAtMs);
  return byStart.flatMap((earlier, at) =>
    byStart
      .slice(at + 1)
      .filter((later) => later.startedAtMs > earlier.endedAtMs && later.seen < earlier.seen)
      .map((later) => `counters: ${later.seen} was written after ${earlier.seen}`),
  );
}
