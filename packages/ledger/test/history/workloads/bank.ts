// SPDX-License-Identifier: MIT
import { numbers, type Workload } from "../workload";

const ACCOUNTS = 4;
const BALANCE = 100;
const SUM = ACCOUNTS * BALANCE;

/** Transfers leave the sum of all accounts as it is, and audits read all accounts. */
export const bank: Workload<number> = {
  name: "bank",
  rule: "transfers keep the sum of all accounts",
  setUp: () => [
    "CREATE TABLE Accounts",
    "CREATE INDEX ON Accounts (n)",
    ...Array.from(
      { length: ACCOUNTS },
      (_, n) => `INSERT INTO Accounts VALUE {'n': ${n}, 'balance': ${BALANCE}}`,
    ),
  ],
  run: ({ driver, client, iteration, pause }) =>
    driver.executeLambda(async (transaction) => {
      if ((client + iteration) % 4 === 0) {
        return sum(await numbers(transaction, "SELECT VALUE a.balance FROM Accounts AS a"));
      }
      const [from, to] = [(client + iteration) % ACCOUNTS, (iteration + 1) % ACCOUNTS];
      if (from === to) return undefined;
      const balanceOf = "SELECT VALUE a.balance FROM Accounts AS a WHERE a.n = ?";
      const [left = 0] = await numbers(transaction, balanceOf, from);
      const [right = 0] = await numbers(transaction, balanceOf, to);
      await pause();
      const amount = Math.min(left, 1 + client);
      const setBalance = "UPDATE Accounts AS a SET a.balance = ? WHERE a.n = ?";
      await transaction.execute(setBalance, left - amount, from);
      await transaction.execute(setBalance, right + amount, to);
      return undefined;
    }),
  readEnd: "SELECT a.balance FROM Accounts AS a",
  check: (committed, end) =>
    [...committed.map(({ seen }) => ["an audit", seen] as const), ["the end", sum(end.flat())] as const]
      .filter(([, found]) => found !== SUM)
      .map(([where, found]) => `bank: ${where} has the sum ${found} instead of ${SUM}`),
};

function sum(balances: readonly number[]): number {
  return balances.reduce((all, balance) => all + balance, 0);
}
