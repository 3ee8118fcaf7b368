// SPDX-License-Identifier: MIT
import { DERIVED_TABLES } from "../derived-tables";
import { OPEN_END } from "../open-end";
import type {
  BlockChange,
  BlockErasure,
  CatalogChange,
  ErasedRevision,
  Head,
  IndexChange,
  RevisionChange,
} from "../storage";
import type { SqlParameter, SqlStatement } from "./postgres-database";

/** Where `meta` keeps the tags of a resource. */
export function tagsName(resource: string): string {
  return `tags:${resource}`;
}

/** A statement with its parameters. */
export type BoundStatement = readonly [statement: SqlStatement, values: readonly SqlParameter[]];

/** The statements that store blocks and what follows from them, for one ledger. */
export class AppendStatements {
  readonly #schema: string;
  readonly #statements: ReturnType<typeof statementsFor>;

  constructor(schema: string) {
    this.#schema = schema;
    this.#statements = statementsFor(schema);
  }

  /** The statements that store one block, in order. Lists are sent as a whole, so that a block takes few statements. */
  forBlock(change: BlockChange): readonly BoundStatement[] {
    const { block, blockTime, transactionId } = change;
    return [
      [this.#statements.block, [block.sequenceNo, block.hash, blockTime, transactionId, block.ion]],
      ...change.catalogChanges.flatMap((each) => this.#forTags(each)),
      ...this.forDerived(change),
    ];
  }

  /** The statements that store all that follows from a block. */
  forDerived(change: BlockChange): readonly BoundStatement[] {
    const { block, revisions, indexChanges, merkleNodes } = change;
    const { sequenceNo } = block;
    const statements = change.catalogChanges.flatMap((each) => this.#forCatalog(each, sequenceNo));
    if (revisions.length > 0) statements.push(...this.#forRevisions(revisions, change));
    if (indexChanges.length > 0) statements.push(...this.#forIndexes(indexChanges, sequenceNo));
    const [levels, positions] = [
      merkleNodes.map(({ level }) => level),
      merkleNodes.map(({ index }) => index),
    ];
    statements.push(...change.erasures.flatMap((erasure) => this.#forErasure(erasure)));
    if (change.erasures.length > 0)
      statements.push([this.#statements.countErasures, [change.erasures.length]]);
    statements.push([this.#statements.nodes, [levels, positions, merkleNodes.map(({ hash }) => hash)]]);
    return statements;
  }

  /** The statement that moves the head of the journal. */
  forHead({ sequenceNo, blockHash, blockTime, catalogSequenceNo }: Head): BoundStatement {
    return [this.#statements.head, [sequenceNo, blockHash, blockTime, catalogSequenceNo]];
  }

  /** The statements that remove all that is derived from the journal. */
  forRewind(): readonly string[] {
    return DERIVED_TABLES.map((table) => `DELETE FROM ${this.#schema}.${table}`);
  }

  #forTags(change: CatalogChange): BoundStatement[] {
    if (change.kind !== "create-table" || Object.keys(change.tags).length === 0) return [];
    return [[this.#statements.tags, [tagsName(`table/${change.tableId}`), JSON.stringify(change.tags)]]];
  }

  #forCatalog(change: CatalogChange, sequenceNo: number): BoundStatement[] {
    switch (change.kind) {
      case "create-table": {
        const { tableNo, tableId, name } = change;
        const table: BoundStatement = [
          this.#statements.table,
          [tableNo, tableId, Buffer.from(name), sequenceNo],
        ];
        const period: BoundStatement = [this.#statements.beginPeriod, [tableNo, sequenceNo]];
        return [table, period];
      }
      case "drop-table":
        return [[this.#statements.endPeriod, [change.tableNo, sequenceNo]]];
      case "identify-table":
        return [[this.#statements.identifyTable, [change.tableNo, change.tableId]]];
      case "undrop-table":
        return [[this.#statements.beginPeriod, [change.tableNo, sequenceNo]]];
      case "drop-index":
        return [[this.#statements.endIndex, [change.indexNo, sequenceNo]]];
      case "create-index": {
        const { indexNo, indexId, tableNo, field, unique } = change;
        return [
          [
            this.#statements.index,
            [indexNo, indexId, tableNo, Buffer.from(field), Number(unique), sequenceNo],
          ],
        ];
      }
    }
  }

  #forRevisions(
    revisions: readonly RevisionChange[],
    { block, transactionId }: BlockChange,
  ): BoundStatement[] {
    const { sequenceNo } = block;
    const column = <T extends SqlParameter>(read: (revision: RevisionChange) => T): T[] =>
      revisions.map(read);
    const rows = [
      column(({ tableNo }) => tableNo),
      column(({ documentId }) => documentId),
      column(({ version }) => version),
      column((revision) => (isDeletion(revision) ? sequenceNo : OPEN_END)),
      column(({ transactionTime }) => transactionTime),
      column(({ hash }) => hash),
      column(({ dataHash }) => dataHash ?? null),
      column(({ data }) => data ?? null),
    ] as SqlParameter[];
    const superseded = revisions.filter(({ version }) => version > 0);
    const ended = [
      superseded.map(({ documentId }) => documentId),
      superseded.map(({ version }) => version - 1),
    ];
    const statements: BoundStatement[] = [[this.#statements.revisions, [sequenceNo, transactionId, ...rows]]];
    if (superseded.length > 0) statements.unshift([this.#statements.endRevisions, [sequenceNo, ...ended]]);
    return [...statements, [this.#statements.touchTables, [sequenceNo, column(({ tableNo }) => tableNo)]]];
  }

  /** Index entries of the erased revisions go, or end before and begin after them; those of dropped indexes go as well. */
  #forErasure({ sequenceNo, ion, revisions }: BlockErasure): BoundStatement[] {
    const entries = revisions.flatMap(({ documentId, version, indexKeys }) =>
      indexKeys.map(({ indexNo, key }): BoundStatement => {
        return [this.#statements.eraseEntries, [documentId, version, indexNo, Buffer.from(key)]];
      }),
    );
    return [
      [this.#statements.eraseFromBlock, [sequenceNo, ion]],
      ...entries,
      ...revisions.map(({ documentId, version, dataHash }): BoundStatement => {
        return [this.#statements.eraseRevision, [documentId, version, dataHash]];
      }),
      [this.#statements.purgeIndexes, [distinctTables(revisions)]],
    ];
  }

  #forIndexes(changes: readonly IndexChange[], sequenceNo: number): BoundStatement[] {
    const bind = (kind: IndexChange["kind"], statement: SqlStatement): BoundStatement[] => {
      const some = changes.filter((change) => change.kind === kind);
      if (some.length === 0) return [];
      const keys = some.map(({ key }) => Buffer.from(key));
      const lists = [some.map(({ indexNo }) => indexNo), keys, some.map(({ documentId }) => documentId)];
      return [[statement, [sequenceNo, ...lists]]];
    };
    return [...bind("remove", this.#statements.endEntries), ...bind("add", this.#statements.entries)];
  }
}

function distinctTables(revisions: readonly ErasedRevision[]): number[] {
  return [...new Set(revisions.map(({ tableNo }) => tableNo))];
}

function isDeletion({ data, dataHash }: RevisionChange): boolean {
  return data === undefined && dataHash === undefined;
}

function statementsFor(schema: string) {
  const statement: Named = (name, text) => ({ name: `${schema}.${name}`, text });
  return {
    ...journalStatements(schema, statement),
    ...catalogStatements(schema, statement),
    ...erasureStatements(schema, statement),
  };
}

/** Makes a statement that the database prepares once, under a name. */
type Named = (name: string, text: string) => SqlStatement;

/** The statements that store blocks, and the revisions and index entries in them. */
function journalStatements(schema: string, statement: Named) {
  return {
    head: statement(
      "move_head",
      `UPDATE ${schema}.head SET sequence_no = $1, hash = $2, time = $3, catalog_sequence_no = $4`,
    ),
    block: statement(
      "block",
      `INSERT INTO ${schema}.blocks (sequence_no, hash, time, transaction_id, ion)
       VALUES ($1, $2, $3, $4, $5)`,
    ),
    nodes: statement(
      "insert_nodes",
      `INSERT INTO ${schema}.merkle_nodes (level, position, hash)
       SELECT * FROM unnest($1::int[], $2::bigint[], $3::bytea[])`,
    ),
    endRevisions: statement(
      "end_revisions",
      `UPDATE ${schema}.revisions r SET to_seq = $1 FROM unnest($2::text[], $3::bigint[]) AS w (id, version)
       WHERE r.document_id = w.id AND r.version = w.version AND r.to_seq = ${OPEN_END}`,
    ),
    revisions: statement(
      "revisions",
      `INSERT INTO ${schema}.revisions
         (from_seq, transaction_id, table_no, document_id, version, to_seq, time, hash, data_hash, data)
       SELECT $1, $2, * FROM unnest($3::int[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bytea[],
         $9::bytea[], $10::bytea[])`,
    ),
    endEntries: statement(
      "end_entries",
      `UPDATE ${schema}.index_entries e SET to_seq = $1
       FROM unnest($2::int[], $3::bytea[], $4::text[]) AS w (index_no, key, id)
       WHERE e.index_no = w.index_no AND e.key = w.key AND e.to_seq = ${OPEN_END} AND e.document_id = w.id`,
    ),
    entries: statement(
      "entries",
      `INSERT INTO ${schema}.index_entries (from_seq, to_seq, index_no, key, document_id)
       SELECT $1, ${OPEN_END}, * FROM unnest($2::int[], $3::bytea[], $4::text[])`,
    ),
  };
}

/** The statements that change tables, their tags and indexes. */
function catalogStatements(schema: string, statement: Named) {
  return {
    table: statement(
      "table",
      `INSERT INTO ${schema}.tables (table_no, table_id, name, from_seq, changed_seq) VALUES ($1, $2, $3, $4, 0)`,
    ),
    identifyTable: statement(
      "identify_table",
      `UPDATE ${schema}.tables SET table_id = $2 WHERE table_no = $1`,
    ),
    beginPeriod: statement(
      "begin_period",
      `INSERT INTO ${schema}.table_periods (table_no, from_seq, to_seq) VALUES ($1, $2, ${OPEN_END})
       ON CONFLICT (table_no, from_seq) DO UPDATE SET to_seq = ${OPEN_END}`,
    ),
    endPeriod: statement(
      "end_period",
      `UPDATE ${schema}.table_periods SET to_seq = $2 WHERE table_no = $1 AND to_seq = ${OPEN_END}`,
    ),
    tags: statement(
      "tags",
      `INSERT INTO ${schema}.meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
    ),
    touchTables: statement(
      "touch",
      `UPDATE ${schema}.tables SET changed_seq = $1 WHERE table_no = ANY ($2::int[])`,
    ),
    index: statement(
      "index",
      `INSERT INTO ${schema}.indexes (index_no, index_id, table_no, field, is_unique, from_seq, to_seq)
       VALUES ($1, $2, $3, $4, $5::int::boolean, $6, ${OPEN_END})`,
    ),
    endIndex: statement("end_index", `UPDATE ${schema}.indexes SET to_seq = $2 WHERE index_no = $1`),
  };
}

/** Where `meta` counts erasures. */
export const ERASURES = "erasures";

/** The statements of redactions. */
function erasureStatements(schema: string, statement: Named) {
  return {
    countErasures: statement(
      "count_erasures",
      `INSERT INTO ${schema}.meta AS m (name, value) VALUES ('${ERASURES}', $1::int::text)
       ON CONFLICT (name) DO UPDATE SET value = (m.value::int + excluded.value::int)::text`,
    ),
    eraseFromBlock: statement("erase_block", `UPDATE ${schema}.blocks SET ion = $2 WHERE sequence_no = $1`),
    eraseRevision: statement(
      "erase_revision",
      `UPDATE ${schema}.revisions SET data = NULL, data_hash = $3 WHERE document_id = $1 AND version = $2`,
    ),
    eraseEntries: statement(
      "erase_entries",
      `WITH r AS (SELECT from_seq, to_seq FROM ${schema}.revisions WHERE document_id = $1 AND version = $2),
       gone AS (
         DELETE FROM ${schema}.index_entries e USING r
         WHERE e.index_no = $3 AND e.key = $4 AND e.document_id = $1 AND e.to_seq > r.from_seq AND e.from_seq < r.to_seq
         RETURNING e.from_seq, e.to_seq, r.from_seq AS start, r.to_seq AS stop)
       INSERT INTO ${schema}.index_entries (index_no, key, document_id, from_seq, to_seq)
       SELECT $3::int, $4::bytea, $1::text, from_seq, start FROM gone WHERE from_seq < start
       UNION ALL SELECT $3::int, $4::bytea, $1::text, stop, to_seq FROM gone WHERE to_seq > stop`,
    ),
    purgeIndexes: statement(
      "purge_indexes",
      `DELETE FROM ${schema}.index_entries WHERE index_no IN
         (SELECT index_no FROM ${schema}.indexes WHERE to_seq < ${OPEN_END} AND table_no = ANY ($1::int[]))`,
    ),
  };
}
