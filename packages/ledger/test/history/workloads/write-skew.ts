// SPDX-License-Identifier: MIT
import { numbers, type Workload } from "../workload";

/** Clients that leave a shift if somebody else is left: each reads both documents of a shift and writes one. */
export const writeSkew: Workload<never> = {
  name: "write skew",
  rule: "of two, one stays on duty",
  setUp: (iterations) => [
    "CREATE TABLE Duties",
    "CREATE INDEX ON Duties (shift)",
    ...Array.from({ length: iterations }, (_, shift) => {
      const both = [0, 1].map((doctor) => `{'shift': ${shift}, 'doctor': ${doctor}, 'onDuty': 1}`);
      return `INSERT INTO Duties << ${both.join(", ")} >>`;
    }),
  ],
  run: ({ driver, client, iteration, pause }) =>
    driver.executeLambda(async (transaction) => {
      const find = "SELECT VALUE d.onDuty FROM Duties AS d WHERE d.shift = ?";
      const onDuty = await numbers(transaction, find, iteration);
      await pause();
      if (onDuty.reduce((all, each) => all + each, 0) < 2) return undefined;
      const leave = "UPDATE Duties AS d SET d.onDuty = 0 WHERE d.shift = ? AND d.doctor = ?";
      await transaction.execute(leave, iteration, client % 2);
      return undefined;
    }),
  readEnd: "SELECT d.shift, d.doctor, d.onDuty FROM Duties AS d",
  check(_committed, end) {
    const shifts = new Map<number, number>();
    for (const [shift = NaN, , onDuty = NaN] of end) shifts.set(shift, (shifts.get(shift) ?? 0) + onDuty);
    return [...shifts]
      .filter(([, onDuty]) => onDuty !== 1)
      .map(([shift, onDuty]) => `write skew: ${onDuty} are on duty in shift ${shift} instead of 1`);
  },
};
