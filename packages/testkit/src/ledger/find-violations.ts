// SPDX-License-Identifier: MIT
import { BOOKKEEPING_TABLE, type Ledger, isDeletion } from "@ledger-loader/core";
import { historiesOf, readHistories, type Histories } from "./histories";
import type { RecordHistory } from "./random-histories";

/**
 * Compares a table with what one delivery in order makes of these histories: every record's history, the current
 * documents, and that nothing else was written, bookkeeping included. Returns each difference as a sentence.
 */
export async function findViolations(
  ledger: Ledger,
  table: string,
  histories: readonly RecordHistory[],
): Promise<string[]> {
  const rowsOf = async (from: string): Promise<number> =>
    (await ledger.transact((transaction) => transaction.execute(`SELECT * FROM ${from} AS r`))).length;
  const deletions = histories.filter(endsDeleted).length;
  const books = histories.flatMap((history) => history.filter((_, i) => isRecorded(history, i))).length;
  const violations = compareHistories(historiesOf(histories.flat()), await readHistories(ledger, table));
  const expect = async (what: string, expected: number, from: string): Promise<void> => {
    const found = await rowsOf(from);
    if (found !== expected) violations.push(`expected ${expected} ${what}, found ${found}`);
  };
  await expect("current documents", histories.length - deletions, `"${table}"`);
  await expect("revisions", histories.flat().length, `history("${table}")`);
  await expect("revisions of books", books, `history("${BOOKKEEPING_TABLE}")`);
  return violations;
}

/** Each record whose history is not the expected one, as a sentence. */
export function compareHistories(expected: Histories, found: Histories): string[] {
  const records = new Set([...expected.keys(), ...found.keys()]);
  return [...records].flatMap((record) => {
    const should = textOf(expected.get(record));
    const is = textOf(found.get(record));
    return should === is ? [] : [`${record}: expected ${should}, found ${is}`];
  });
}

function textOf(history: readonly string[] = []): string {
  return history.join(" → ");
}

function endsDeleted(history: RecordHistory): boolean {
  const last = history.at(-1);
  return last !== undefined && isDeletion(last);
}

/** A deletion and a creation after one are recorded in the books; nothing else is. */
function isRecorded(history: RecordHistory, version: number): boolean {
  const [event, before] = [history[version], history[version - 1]];
  return [event, before].some((each) => each !== undefined && isDeletion(each));
}
