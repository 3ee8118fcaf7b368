// SPDX-License-Identifier: MIT
import path from "node:path";
import type { Comparison } from "../benchmark";
import type { DocumentStore } from "./document-store";
import { keyedDocuments, keyOf, toPacks } from "./keyed-documents";
import type { LedgerRounds } from "./ledger-rounds";
import { openLedgerInProcess } from "./ledger-in-process";
import { openPlainSqlite } from "./plain-sqlite";
import { inSessions } from "./sessions";

/** So many lookups are one sample. */
const LOOKUPS = 2000;
/** A lookup may take so much longer in the largest table. */
const GROWTH_MAX = 1.5;
const START_MS_MAX = 2000;
/** Documents that are made at a time. */
const MADE = 4000;

/** The figures of both, one sample per round. */
interface Samples {
  readonly plain: number[];
  readonly ledger: number[];
}

interface Lookups extends Samples {
  readonly size: number;
}

/** A table of a size in both stores, which stay open. */
interface FilledTable {
  readonly plain: DocumentStore;
  readonly ledger: DocumentStore;
  readonly found: Lookups;
}

/** Opens both stores, or opens them again. */
interface Places {
  readonly openPlain: () => Promise<DocumentStore>;
  readonly openLedger: () => Promise<DocumentStore>;
}

/** Lookups by an index in tables of several sizes, and the start of a ledger with the largest one, on SQLite. */
export async function compareLookups(folder: string, rounds: LedgerRounds): Promise<readonly Comparison[]> {
  const placesOf = (size: number): Places => ({
    openPlain: () => Promise.resolve(openPlainSqlite(path.join(folder, `lookups-${size}.sqlite`))),
    openLedger: () => openLedgerInProcess({ dataFolder: path.join(folder, `lookups-${size}`) }),
  });
  const lookups = await measureLookups(placesOf, rounds);
  const held = rounds.tableSizes.at(-1) ?? 0;
  const start = await measureStart(placesOf(held), rounds, held);
  const startedWith = `start with ${held.toLocaleString("en-US")} revisions`;
  return [
    ...lookups.map((found) =>
      compareOne(`lookup among ${found.size.toLocaleString("en-US")}`, "lookups/s", found),
    ),
    growthOf(lookups),
    { ...compareOne(startedWith, "ms", start), aim: { atMost: START_MS_MAX, of: "subject" } },
  ];
}

/** The sizes take turns in each round, as a machine may become slower meanwhile. */
async function measureLookups(
  placesOf: (size: number) => Places,
  rounds: LedgerRounds,
): Promise<readonly Lookups[]> {
  const tables: FilledTable[] = [];
  try {
    for (const size of rounds.tableSizes) {
      rounds.onProgress(`filling a table with ${size} documents`);
      const { openPlain, openLedger } = placesOf(size);
      const table = { plain: await openPlain(), ledger: await openLedger(), found: lookupsOf(size) };
      tables.push(table);
      await fill([table.plain, table.ledger], 0, size);
    }
    for (let round = 0; round <= rounds.rounds; round++) {
      rounds.onProgress(`round ${round} of ${rounds.rounds}: lookups`);
      // The first round warms up.
      const isKept = round > 0 || rounds.rounds === 1;
      for (const table of tables) await measureRound(table, isKept);
    }
  } finally {
    await Promise.all(tables.flatMap(({ plain, ledger }) => [plain.close(), ledger.close()]));
  }
  return tables.map(({ found }) => found);
}

async function measureRound({ plain, ledger, found }: FilledTable, isKept: boolean): Promise<void> {
  const figures = [await lookUp(plain, found.size), await lookUp(ledger, found.size)] as const;
  if (!isKept) return;
  found.plain.push(figures[0]);
  found.ledger.push(figures[1]);
}

function lookupsOf(size: number): Lookups {
  return { size, plain: [], ledger: [] };
}

async function measureStart(
  { openPlain, openLedger }: Places,
  rounds: LedgerRounds,
  size: number,
): Promise<Samples> {
  const samples: Samples = { plain: [], ledger: [] };
  for (let round = 0; round < rounds.rounds; round++) {
    rounds.onProgress(`start ${round + 1} of ${rounds.rounds}`);
    samples.plain.push(await millisecondsToStart(openPlain, size));
    samples.ledger.push(await millisecondsToStart(openLedger, size));
  }
  return samples;
}

function compareOne(what: string, unit: string, { plain, ledger }: Samples): Comparison {
  return {
    what: `SQLite, ${what}`,
    unit,
    baseline: { name: "plain SQL", samples: plain },
    subject: { name: "ledger in process", samples: ledger },
  };
}

/** How much longer a lookup takes in the largest table than in the smallest one. */
function growthOf(measured: readonly Lookups[]): Comparison {
  const [small, large] = [measured[0], measured.at(-1)];
  if (small === undefined || large === undefined)
    throw new Error("Expected tables of several sizes, found none.");
  const microseconds = (rates: readonly number[]): number[] => rates.map((rate) => 1e6 / rate);
  return {
    what: "SQLite, a lookup as the table grows",
    unit: "µs",
    baseline: { name: `among ${small.size.toLocaleString("en-US")}`, samples: microseconds(small.ledger) },
    subject: { name: `among ${large.size.toLocaleString("en-US")}`, samples: microseconds(large.ledger) },
    aim: { atMost: GROWTH_MAX },
  };
}

async function fill(stores: readonly DocumentStore[], from: number, to: number): Promise<void> {
  for (let at = from; at < to; at += MADE) {
    for (const pack of toPacks(keyedDocuments(at, Math.min(MADE, to - at)))) {
      for (const store of stores) await store.insert(pack);
    }
  }
}

async function lookUp(store: DocumentStore, size: number): Promise<number> {
  const { perSecond } = await inSessions(1, LOOKUPS, async (_, at) => {
    // A step without a common factor reaches every part of the table.
    const number = (at * 7919) % size;
    if ((await store.count(keyOf(number))) !== 1)
      throw new Error(`Expected one document ${number}, found another count.`);
  });
  return perSecond;
}

async function millisecondsToStart(open: () => Promise<DocumentStore>, size: number): Promise<number> {
  const before = performance.now();
  const store = await open();
  try {
    await store.count(keyOf(size - 1));
    return performance.now() - before;
  } finally {
    await store.close();
  }
}
