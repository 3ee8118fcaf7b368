// SPDX-License-Identifier: MIT
import path from "node:path";
import type { Comparison } from "../benchmark";
import type { DocumentStore, KeyedDocument } from "./document-store";
import { keyedDocuments, PACK_SIZE, toPacks } from "./keyed-documents";
import type { LedgerRounds } from "./ledger-rounds";
import { openLedgerInProcess } from "./ledger-in-process";
import { openPlainPostgres } from "./plain-postgres";
import { openPlainSqlite } from "./plain-sqlite";
import { inSessions } from "./sessions";

const SESSIONS = 4;

/** Transactions of as many documents as one may have, within this process, on each database. */
export async function compareTransactions(
  folder: string,
  rounds: LedgerRounds,
): Promise<readonly Comparison[]> {
  const onSqlite = await compare("SQLite", 15_000, rounds, {
    baseline: () => Promise.resolve(openPlainSqlite(path.join(folder, "transactions.sqlite"))),
    subject: () => openLedgerInProcess({ dataFolder: path.join(folder, "transactions") }),
  });
  const { postgresUrl } = rounds;
  if (postgresUrl === undefined) return [onSqlite];
  const onPostgres = await compare("PostgreSQL", 5000, rounds, {
    baseline: () => openPlainPostgres(postgresUrl, SESSIONS),
    subject: () => openLedgerInProcess({ postgresUrl }),
  });
  return [onSqlite, onPostgres];
}

interface Contest {
  readonly baseline: () => Promise<DocumentStore>;
  readonly subject: () => Promise<DocumentStore>;
}

async function compare(
  database: string,
  atLeast: number,
  { rounds, documents, onProgress }: LedgerRounds,
  contest: Contest,
): Promise<Comparison> {
  const packs = toPacks(keyedDocuments(0, documents));
  const [plain, ledger] = [await contest.baseline(), await contest.subject()];
  const [baseline, subject]: [number[], number[]] = [[], []];
  try {
    for (let round = 0; round <= rounds; round++) {
      onProgress(`round ${round} of ${rounds}: full transactions on ${database}`);
      const [plainly, byLedger] = [await fill(plain, packs), await fill(ledger, packs)];
      // The first round warms up.
      if (round === 0 && rounds > 1) continue;
      baseline.push(plainly);
      subject.push(byLedger);
    }
  } finally {
    await plain.close();
    await ledger.close();
  }
  return {
    what: `${database}, transactions of ${PACK_SIZE} documents`,
    unit: "revisions/s",
    baseline: { name: "plain SQL", samples: baseline },
    subject: { name: "ledger in process", samples: subject },
    aim: { atLeast, of: "subject" },
  };
}

async function fill(store: DocumentStore, packs: readonly (readonly KeyedDocument[])[]): Promise<number> {
  const { perSecond } = await inSessions(SESSIONS, packs.length, (_, at) => store.insert(packs[at] ?? []));
  return perSecond * PACK_SIZE;
}
