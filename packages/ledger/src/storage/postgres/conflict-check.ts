// SPDX-License-Identifier: MIT
import { OPEN_END } from "../open-end";
import type { Snapshot } from "../storage";
import type { SqlCell, SqlParameter, SqlStatement } from "./postgres-database";
import { isStorable } from "./postgres-reader";

/** A row for each thing that has changed: the place of its snapshot, and what it is. */
export type ConflictRow = [at: number, what: string];

/**
 * The statement that looks for changes to anything that snapshots have read, each since its own block.
 *
 * It MUST run after the journal's head was locked. Names of tables and the catalog as a whole are judged by the catalog.
 */
export function conflictStatement(schema: string): SqlStatement {
  const text = `
    SELECT w.at, 'table ' || w.table_no || ' changed'
    FROM unnest($1::int[], $2::int[], $3::bigint[]) AS w (at, table_no, as_of)
    JOIN ${schema}.tables t ON t.table_no = w.table_no WHERE t.changed_seq > w.as_of
    UNION ALL
    SELECT w.at, 'document ' || w.id || ' changed'
    FROM unnest($4::int[], $5::text[], $6::bigint[]) AS w (at, id, as_of)
    WHERE (SELECT r.from_seq FROM ${schema}.revisions r WHERE r.document_id = w.id ORDER BY r.version DESC LIMIT 1) > w.as_of
    UNION ALL
    SELECT w.at, 'what index ' || w.index_no || ' lists changed'
    FROM unnest($7::int[], $8::int[], $9::bytea[], $10::bigint[]) AS w (at, index_no, key, as_of)
    WHERE EXISTS (SELECT 1 FROM ${schema}.index_entries e WHERE e.index_no = w.index_no AND e.key = w.key
      AND e.to_seq > w.as_of AND (e.to_seq < ${OPEN_END} OR e.from_seq > w.as_of))`;
  return { name: `${schema}.conflicts`, text };
}

/** The parameters of {@link conflictStatement}; `undefined` if the snapshots have read nothing that it looks at. */
export function conflictValues(snapshots: readonly Snapshot[]): readonly SqlParameter[] | undefined {
  const tables: SqlCell[][] = [[], [], []];
  const documents: SqlCell[][] = [[], [], []];
  const keys: SqlCell[][] = [[], [], [], []];
  for (const [at, { reads, asOf }] of snapshots.entries()) {
    for (const tableNo of reads.scannedTables) addRow(tables, at, tableNo, asOf);
    for (const id of reads.documentIds) if (isStorable(id)) addRow(documents, at, id, asOf);
    for (const [indexNo, found] of reads.indexKeys) {
      for (const key of found) addRow(keys, at, indexNo, Buffer.from(key), asOf);
    }
  }
  const values = [...tables, ...documents, ...keys];
  return values.every((column) => column.length === 0) ? undefined : values;
}

function addRow(columns: readonly SqlCell[][], ...row: readonly SqlCell[]): void {
  for (const [at, cell] of row.entries()) columns[at]?.push(cell);
}
