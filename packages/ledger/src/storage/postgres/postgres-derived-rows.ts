// SPDX-License-Identifier: MIT
import { type DerivedCell, endAsOf, toDerivedLine } from "../derived-line";
import type { RunSql } from "./postgres-database";

const PAGE_ROWS = 1000;

/**
 * Renders everything derived from the journal up to a block, one line per row, as every storage does.
 *
 * What came later is left out: rows of later blocks, and ends that later blocks have put.
 */
export async function* derivedRows(run: RunSql, schema: string, upTo: number): AsyncIterable<string> {
  yield* tableRows(run, schema, upTo);
  yield* indexRows(run, schema, upTo);
  yield* revisionRows(run, schema, upTo);
  yield* entryRows(run, schema, upTo);
  yield* nodeRows(run, schema, upTo);
}

async function* tableRows(run: RunSql, schema: string, upTo: number): AsyncIterable<string> {
  // When a table last changed may lie beyond `upTo`; it must not lie before what the table holds.
  const rows = await run<[number, string, Buffer, number, number]>(
    `SELECT table_no, table_id, name, from_seq, (changed_seq >= coalesce(
       (SELECT max(r.from_seq) FROM ${schema}.revisions r WHERE r.table_no = t.table_no), 0))::int
     FROM ${schema}.tables t WHERE from_seq <= $1 ORDER BY table_no`,
    [upTo],
  );
  const periods = await run<[number, number, number]>(
    `SELECT table_no, from_seq, to_seq FROM ${schema}.table_periods WHERE from_seq <= $1 ORDER BY table_no, from_seq`,
    [upTo],
  );
  for (const [tableNo, tableId, name, from, changed] of rows) {
    const own = periods.filter(([ofTable]) => ofTable === tableNo);
    const active = own.flatMap(([, begin, end]) => [begin, endAsOf(end, upTo)]);
    yield toDerivedLine("tables", [tableNo, tableId, name.toString(), from, changed, ...active]);
  }
}

async function* indexRows(run: RunSql, schema: string, upTo: number): AsyncIterable<string> {
  const rows = await run<[number, string, number, Buffer, number, number, number]>(
    `SELECT index_no, index_id, table_no, field, is_unique::int, from_seq, to_seq FROM ${schema}.indexes
     WHERE from_seq <= $1 ORDER BY index_no`,
    [upTo],
  );
  for (const [indexNo, indexId, tableNo, field, unique, from, to] of rows) {
    yield toDerivedLine("indexes", [
      indexNo,
      indexId,
      tableNo,
      field.toString(),
      unique,
      from,
      endAsOf(to, upTo),
    ]);
  }
}

async function* revisionRows(run: RunSql, schema: string, upTo: number): AsyncIterable<string> {
  type Row = [documentId: string, version: number, to: number, from: number, ...DerivedCell[]];
  let last: [string, number] | undefined = ["", -1];
  while (last !== undefined) {
    const rows: Row[] = await run<Row>(
      `SELECT document_id, version, to_seq, from_seq, table_no, time, transaction_id, hash, data_hash, data
       FROM ${schema}.revisions WHERE (document_id, version) > ($1, $2) ORDER BY document_id, version LIMIT 256`,
      last,
    );
    for (const [documentId, version, to, from, ...rest] of rows) {
      if (from > upTo) continue;
      yield toDerivedLine("revisions", [documentId, version, from, endAsOf(to, upTo), ...rest]);
    }
    const end: Row | undefined = rows.at(-1);
    last = end === undefined ? undefined : [end[0], end[1]];
  }
}

/**
 * Reads all entries of some keys at a time: within a key, their stored order depends on ends that are left out. Entries of
 * dropped indexes mean nothing.
 */
async function* entryRows(run: RunSql, schema: string, upTo: number): AsyncIterable<string> {
  type Key = [indexNo: number, key: Buffer];
  let after: Key = [0, Buffer.alloc(0)];
  const dropped = await run<[number]>(`SELECT index_no FROM ${schema}.indexes WHERE to_seq <= $1`, [upTo]);
  const isDropped = new Set(dropped.map(([indexNo]) => indexNo));
  for (;;) {
    const [end] = await run<Key>(
      `SELECT index_no, key FROM ${schema}.index_entries WHERE (index_no, key) > ($1, $2)
       ORDER BY index_no, key OFFSET ${PAGE_ROWS} LIMIT 1`,
      after,
    );
    const rows: [number, Buffer, string, number, number][] = await run(
      `SELECT index_no, key, document_id, from_seq, to_seq FROM ${schema}.index_entries
       WHERE (index_no, key) > ($1, $2) ${end === undefined ? "" : "AND (index_no, key) <= ($3, $4)"}
       ORDER BY index_no, key, document_id, from_seq`,
      [...after, ...(end ?? [])],
    );
    for (const [indexNo, key, documentId, from, to] of rows) {
      if (from <= upTo && !isDropped.has(indexNo))
        yield toDerivedLine("index_entries", [indexNo, key, documentId, from, endAsOf(to, upTo)]);
    }
    if (end === undefined) return;
    after = end;
  }
}

async function* nodeRows(run: RunSql, schema: string, upTo: number): AsyncIterable<string> {
  type Row = [level: number, position: number, hash: Buffer];
  let last: [number, number] | undefined = [-1, -1];
  while (last !== undefined) {
    const rows: Row[] = await run<Row>(
      `SELECT level, position, hash FROM ${schema}.merkle_nodes WHERE (level, position) > ($1, $2)
       ORDER BY level, position LIMIT ${PAGE_ROWS}`,
      last,
    );
    for (const [level, position, hash] of rows) {
      // A node is there once all leaves below it are.
      if ((position + 1) * 2 ** level <= upTo + 1)
        yield toDerivedLine("merkle_nodes", [level, position, hash]);
    }
    const end: Row | undefined = rows.at(-1);
    last = end === undefined ? undefined : [end[0], end[1]];
  }
}
