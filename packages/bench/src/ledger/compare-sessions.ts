// SPDX-License-Identifier: MIT
import path from "node:path";
import { SessionClient } from "../attack/session-client";
import { startSession, transact } from "../attack/transact";
import type { Aim, Comparison } from "../benchmark";
import { startChild } from "../child";
import type { LedgerRequest } from "../load/ledger-child";
import { keyedDocument, keyedDocuments } from "./keyed-documents";
import type { LedgerRounds } from "./ledger-rounds";
import { openPlainSqlite } from "./plain-sqlite";
import { inSessions, type SessionFigures } from "./sessions";

const LEDGER = "sessions";
const SESSIONS = [1, 4, 16] as const;

/** The aim of the figures of 16 sessions. */
const AIM: Aim = { atLeast: 2000, of: "subject" };

/** Transactions of one document, over HTTP by several sessions. */
export async function compareSessions(folder: string, rounds: LedgerRounds): Promise<readonly Comparison[]> {
  const server = await startServer();
  const plain = openPlainSqlite(path.join(folder, "sessions.sqlite"));
  const documents = keyedDocuments(0, rounds.transactions);
  const measured = SESSIONS.map((sessions) => ({
    sessions,
    subject: [] as SessionFigures[],
    baseline: [] as SessionFigures[],
  }));
  try {
    // The first round warms up.
    for (let round = 0; round <= rounds.rounds; round++) {
      for (const { sessions, subject, baseline } of measured) {
        rounds.onProgress(`round ${round} of ${rounds.rounds}: ${sessions} sessions`);
        const figures = await server.insert(
          sessions,
          documents.map(({ ion }) => ion),
        );
        const plainly = await inSessions(1, documents.length, (_, at) =>
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
  readonly sessions: number;
  readonly subject: readonly SessionFigures[];
  readonly baseline: readonly SessionFigures[];
}

function toComparisons({ sessions, subject, baseline }: Measured): readonly Comparison[] {
  const compare = (
    name: string,
    unit: string,
    figureOf: (figures: SessionFigures) => number,
  ): Comparison => ({
    what: `SQLite, one document, ${sessions === 1 ? "1 session" : `${sessions} sessions`}${name}`,
    unit,
    baseline: { name: "plain SQL", samples: baseline.map(figureOf) },
    subject: { name: "ledger over HTTP", samples: subject.map(figureOf) },
  });
  const rate = compare("", "transactions/s", ({ perSecond }) => perSecond);
  return [
    sessions === 16 ? { ...rate, aim: AIM } : rate,
    compare(", median", "ms", ({ p50 }) => p50),
    compare(", 99 %", "ms", ({ p99 }) => p99),
  ];
}

interface Server {
  insert(sessions: number, documents: readonly Uint8Array[]): Promise<SessionFigures>;
  close(): Promise<void>;
}

async function startServer(): Promise<Server> {
  const child = startChild("ledger");
  const ask = (request: LedgerRequest): Promise<unknown> => child.ask(request);
  const client = new SessionClient((await ask({ do: "endpoint" })) as string);
  await ask({ do: "create", ledgerName: LEDGER });
  const first = await startSession(client, LEDGER);
  for (const definition of ["CREATE TABLE Documents", "CREATE INDEX ON Documents (vin)"]) {
    await transact(client, first, [definition]);
  }
  return {
    async insert(sessions, documents) {
      const tokens = await Promise.all(Array.from({ length: sessions }, () => startSession(client, LEDGER)));
      return inSessions(sessions, documents.length, (session, at) =>
        transact(client, tokens[session] ?? "", [
          { text: "INSERT INTO Documents ?", parameters: documents.slice(at, at + 1) },
        ]),
      );
    },
    async close() {
      client.close();
      await child.stop();
    },
  };
}
