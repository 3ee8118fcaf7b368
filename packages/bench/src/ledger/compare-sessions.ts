// SPDX-License-Identifier: MIT
import path from "node:path";
import { startSession, transact } from "../attack/transact";
import type { Aim, Comparison } from "../benchmark";
import { startChild } from "../child";
import type { LedgerRequest } from "../load/ledger-child";
import type { DocumentStore } from "./document-store";
import { keyedDocument, keyedDocuments } from "./keyed-documents";
import type { LedgerRounds } from "./ledger-rounds";
import { openPlainPostgres } from "./plain-postgres";
import { openPlainSqlite } from "./plain-sqlite";
import { RawSessionClient } from "./raw-session-client";
import { inSessions, type SessionFigures } from "./sessions";

const LEDGER = "sessions";

/** The aim of 16 sessions on SQLite. */
const AIM: Aim = { atLeast: 2000, of: "subject" };

/** A database, and what is compared on it. */
interface Contest {
  readonly database: string;
  /** Numbers of sessions. */
  readonly sessions: readonly number[];
  /** The task of the process that serves the ledger. */
  readonly server: string;
  readonly openPlain: () => Promise<DocumentStore>;
  /** How many at a time plain SQL serves. */
  readonly plainSessions: (sessions: number) => number;
}

/** Transactions of one document, over HTTP by several sessions, on each database. */
export async function compareSessions(folder: string, rounds: LedgerRounds): Promise<readonly Comparison[]> {
  const { postgresUrl } = rounds;
  const onSqlite = await compare(rounds, {
    database: "SQLite",
    sessions: [1, 4, 16],
    server: "ledger",
    openPlain: () => Promise.resolve(openPlainSqlite(path.join(folder, "sessions.sqlite"))),
    plainSessions: () => 1,
  });
  if (postgresUrl === undefined) return onSqlite;
  const onPostgres = await compare(rounds, {
    database: "PostgreSQL",
    sessions: [1, 16],
    server: "ledger-on-postgres",
    openPlain: () => openPlainPostgres(postgresUrl, 16),
    plainSessions: (sessions) => sessions,
  });
  return [...onSqlite, ...onPostgres];
}

async function compare(rounds: LedgerRounds, contest: Contest): Promise<readonly Comparison[]> {
  const server = await startServer(contest.server);
  const plain = await contest.openPlain();
  const documents = keyedDocuments(0, rounds.transactions);
  const measured = contest.sessions.map((sessions) => ({
    database: contest.database,
    sessions,
    subject: [] as SessionFigures[],
    baseline: [] as SessionFigures[],
  }));
  try {
    // The first round warms up.
    for (let round = 0; round <= rounds.rounds; round++) {
      for (const { sessions, subject, baseline } of measured) {
        rounds.onProgress(`round ${round} of ${rounds.rounds}: ${sessions} sessions on ${contest.database}`);
        const figures = await server.insert(
          sessions,
          documents.map(({ ion }) => ion),
        );
        const plainly = await inSessions(contest.plainSessions(sessions), documents.length, (_, at) =>
          plain.insert([documents[at] ?? keyedDocument(at)]),
        );
        if (round === 0 && rounds.rounds > 1) continue;
        subject.push(figures);
        baseline.push(plainly);
      }
    }
  } finally {
    await plain.close();
    await server.close();
  }
  return measured.flatMap(toComparisons);
}

interface Measured {
  readonly database: string;
  readonly sessions: number;
  readonly subject: readonly SessionFigures[];
  readonly baseline: readonly SessionFigures[];
}

function toComparisons({ database, sessions, subject, baseline }: Measured): readonly Comparison[] {
  const compare = (
    name: string,
    unit: string,
    figureOf: (figures: SessionFigures) => number,
  ): Comparison => ({
    what: `${database}, one document, ${sessions === 1 ? "1 session" : `${sessions} sessions`}${name}`,
    unit,
    baseline: { name: "plain SQL", samples: baseline.map(figureOf) },
    subject: { name: "ledger over HTTP", samples: subject.map(figureOf) },
  });
  const rate = compare("", "transactions/s", ({ perSecond }) => perSecond);
  return [
    sessions === 16 && database === "SQLite" ? { ...rate, aim: AIM } : rate,
    compare(", median", "ms", ({ p50 }) => p50),
    compare(", 99 %", "ms", ({ p99 }) => p99),
  ];
}

interface Server {
  insert(sessions: number, documents: readonly Uint8Array[]): Promise<SessionFigures>;
  close(): Promise<void>;
}

/** A session over a connection of its own. */
interface OpenSession {
  readonly client: RawSessionClient;
  readonly token: string;
}

async function startServer(task: string): Promise<Server> {
  const child = startChild(task);
  const ask = (request: LedgerRequest): Promise<unknown> => child.ask(request);
  const endpoint = (await ask({ do: "endpoint" })) as string;
  await ask({ do: "create", ledgerName: LEDGER });
  const open = async (): Promise<OpenSession> => {
    const client = await RawSessionClient.connect(endpoint);
    return { client, token: await startSession(client, LEDGER) };
  };
  const first = await open();
  for (const definition of ["CREATE TABLE Documents", "CREATE INDEX ON Documents (vin)"]) {
    await transact(first.client, first.token, [definition]);
  }
  const sessions = [first];
  return {
    async insert(count, documents) {
      while (sessions.length < count) sessions.push(await open());
      return inSessions(count, documents.length, async (number, at) => {
        const session = sessions[number];
        if (session === undefined) throw new Error(`Expected ${count} sessions, found fewer.`);
        await transact(session.client, session.token, [
          { text: "INSERT INTO Documents ?", parameters: documents.slice(at, at + 1) },
        ]);
      });
    },
    async close() {
      for (const { client } of sessions) client.close();
      await child.stop();
    },
  };
}
