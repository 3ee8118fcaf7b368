// SPDX-License-Identifier: MIT
import { setTimeout } from "node:timers/promises";
import { hashIon, transcodeToBinary } from "@ledger-loader/ion";
import { CommitDigest, statementDigest } from "@ledger-loader/journal";
import { type Attack, type AttackTarget, repeatedly, scaled } from "../attack";
import type { ClientParameter, ClientTransaction } from "../session-client";

const SESSIONS = 1500;

/** Thirty documents, each nearly as long as a document may be. */
const DOCUMENTS = 30;
const DOCUMENT: ClientParameter = { IonText: `{a:"${"x".repeat(100_000)}"}` };
const TABLE = "Attacked";

/** A slow machine opens as many as it can within so many times the attack's time. */
const OPENING_FACTOR = 4;

/** Transactions that are begun, filled and left. */
export const transactionAttacks: readonly Attack[] = [
  {
    name: "abandoned-transactions",
    what: "1,500 sessions, each leaves a transaction of 3 MB open",
    run: (target) => abandon(target, insert),
  },
  {
    name: "abandoned-results",
    what: "1,500 sessions, each leaves a result of 4,000 rows open",
    run: (target) => abandon(target, readAndWrite),
  },
  {
    name: "dense-documents",
    what: "documents of 128 KB, each of the smallest fields or values, committed",
    run: commitDense,
  },
];

/** Opens the sessions, sixteen at a time, and keeps them until the attack's time is over. */
async function abandon(
  target: AttackTarget,
  fill: (target: AttackTarget, transaction: ClientTransaction) => Promise<void>,
): Promise<void> {
  const startedAt = Date.now();
  const opensUntil = startedAt + OPENING_FACTOR * target.durationMs;
  let left = scaled(SESSIONS, target);
  const open = async (): Promise<void> => {
    while (left > 0 && Date.now() < opensUntil) {
      left -= 1;
      const transaction = await target.client.begin(target.ledgerName).catch(() => undefined);
      if (transaction !== undefined) await fill(target, transaction).catch(() => undefined);
    }
  };
  await Promise.all(Array.from({ length: 16 }, open));
  await setTimeout(Math.max(0, startedAt + target.durationMs - Date.now()));
}

async function insert({ client }: AttackTarget, transaction: ClientTransaction): Promise<void> {
  const places = Array.from({ length: DOCUMENTS }, () => "?").join(",");
  const documents = Array.from({ length: DOCUMENTS }, () => DOCUMENT);
  await client.execute(transaction, `INSERT INTO ${TABLE} <<${places}>>`, documents);
}

/** A change makes the ledger keep the rows of the result that was not read to its end. */
async function readAndWrite({ client }: AttackTarget, transaction: ClientTransaction): Promise<void> {
  const rows = `<<${Array.from({ length: 64 }, (_, i) => i).join(",")}>>`;
  const select = `SELECT a, b, { 'x': a, 'y': b, 't': ? } AS c FROM ${rows} AS a, ${rows} AS b`;
  await client.execute(transaction, select, [{ IonText: `"${"x".repeat(1000)}"` }]);
  await client.execute(transaction, `INSERT INTO ${TABLE} VALUE {'a': 1}`);
}

const DENSE_CLIENTS = 8;
const DENSE_DOCUMENTS = 8;

/** As many values as fit into a document. */
const DENSE_TEXTS = [`{${"a:0,".repeat(65_000)}}`, `{a:[${"{},".repeat(130_000)}]}`];

/** Eight clients insert documents whose every byte or two is a value, and commit them. */
async function commitDense(target: AttackTarget): Promise<void> {
  const { client, ledgerName } = target;
  const places = Array.from({ length: DENSE_DOCUMENTS }, () => "?").join(",");
  const statement = `INSERT INTO ${TABLE} <<${places}>>`;
  const documents = DENSE_TEXTS.map((IonText) => ({ IonText, hash: hashIon(transcodeToBinary(IonText)) }));
  let next = 0;
  await repeatedly(target, DENSE_CLIENTS, async (signal) => {
    const document = documents[next++ % documents.length];
    const transaction = await client.begin(ledgerName, signal);
    if (transaction === undefined || document === undefined) return;
    const all = Array.from({ length: DENSE_DOCUMENTS }, () => document);
    const parameters = all.map(({ IonText }) => ({ IonText }));
    const answer = await client.execute(transaction, statement, parameters, signal);
    if (answer.status !== 200) return client.end(transaction);
    const digest = new CommitDigest(transaction.transactionId);
    digest.add(
      statementDigest(
        statement,
        all.map(({ hash }) => hash),
      ),
    );
    const CommitDigest64 = Buffer.from(digest.hash).toString("base64");
    const CommitTransaction = { TransactionId: transaction.transactionId, CommitDigest: CommitDigest64 };
    await client.command({ SessionToken: transaction.token, CommitTransaction }, signal);
    await client.end(transaction);
  });
}
