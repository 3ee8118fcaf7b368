// SPDX-License-Identifier: MIT
import { setTimeout } from "node:timers/promises";
import type { Attack, AttackTarget } from "../attack";
import { scaled } from "../attack";
import type { ClientParameter, ClientTransaction } from "../session-client";

const SESSIONS = 1500;

/** As many documents as fill a transaction's 4 MB, each nearly as long as a document may be. */
const DOCUMENTS: ClientParameter = {
  IonText: `[${Array.from({ length: 1000 }, (_, i) => `{a:${i},b:"${"x".repeat(80)}"}`).join(",")}]`,
};
const TABLE = "Attacked";

/** Transactions that are begun, filled and left. */
export const transactionAttacks: readonly Attack[] = [
  {
    name: "abandoned-transactions",
    what: "1,500 sessions, each leaves a transaction of 3 MB open",
    run: (target) => abandon(target, insertUntilFull),
  },
  {
    name: "abandoned-results",
    what: "1,500 sessions, each leaves a result of 4,000 rows open",
    run: (target) => abandon(target, readAndWrite),
  },
];

/** Opens the sessions, sixteen at a time, and keeps them until the attack's time is over. */
async function abandon(
  target: AttackTarget,
  fill: (target: AttackTarget, transaction: ClientTransaction) => Promise<void>,
): Promise<void> {
  const ends = Date.now() + target.durationMs;
  let left = scaled(SESSIONS, target);
  const open = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const transaction = await target.client.begin(target.ledgerName).catch(() => undefined);
      if (transaction !== undefined) await fill(target, transaction).catch(() => undefined);
    }
  };
  await Promise.all(Array.from({ length: 16 }, open));
  await setTimeout(Math.max(0, ends - Date.now()));
}

async function insertUntilFull({ client }: AttackTarget, transaction: ClientTransaction): Promise<void> {
  for (let documents = 0; documents < 30; documents++) {
    const answer = await client.execute(transaction, `INSERT INTO ${TABLE} VALUE {'list': ?}`, [DOCUMENTS]);
    if (answer.status !== 200) return;
  }
}

/** A change makes the ledger keep the rows of the result that was not read to its end. */
async function readAndWrite({ client }: AttackTarget, transaction: ClientTransaction): Promise<void> {
  const rows = `<<${Array.from({ length: 64 }, (_, i) => i).join(",")}>>`;
  const select = `SELECT a, b, { 'x': a, 'y': b, 't': ? } AS c FROM ${rows} AS a, ${rows} AS b`;
  await client.execute(transaction, select, [{ IonText: `"${"x".repeat(1000)}"` }]);
  await client.execute(transaction, `INSERT INTO ${TABLE} VALUE {'a': 1}`);
}
