// SPDX-License-Identifier: MIT

/** The format that this version writes. Raise it with every change to a schema, and add a migration. */
export const FORMAT_VERSION = 1;

/** The schema with what is about the database as a whole: its format, its ledgers, the servers that run on it. */
export const REGISTRY = "ledger_loader";

/** The schema of one ledger. */
export function schemaOf(ledgerNo: number): string {
  return `${REGISTRY}_${ledgerNo}`;
}

/** The steps from one format to the next: statements for the registry, and statements for each ledger. */
export interface Migration {
  readonly registry: string;
  readonly ledger: (schema: string) => string;
}

/**
 * The migrations from the format of the same index; the first makes everything from nothing.
 *
 * `from_seq` is the block from which a row holds, `to_seq` the block from which it does not. A deletion has
 * `to_seq = from_seq`: it is part of the history and never of a current state. What users name, and index keys, are UTF-8 in
 * `bytea`, because `text` has no character 0. Ids are compared byte by byte, as in every storage.
 */
export const MIGRATIONS: readonly Migration[] = [
  {
    registry: `
      CREATE SCHEMA ${REGISTRY};
      CREATE TABLE ${REGISTRY}.meta (name text PRIMARY KEY, value text NOT NULL);
      CREATE TABLE ${REGISTRY}.ledgers (
        ledger_no integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text COLLATE "C" NOT NULL,
        is_ready boolean NOT NULL DEFAULT false);
      CREATE UNIQUE INDEX ledgers_by_name ON ${REGISTRY}.ledgers (name) WHERE is_ready;
      CREATE TABLE ${REGISTRY}.servers (
        server_id text PRIMARY KEY, address text NOT NULL, certificate text,
        seen_at timestamptz NOT NULL DEFAULT now())`,
    ledger: (schema) => `
      CREATE SCHEMA ${schema};
      CREATE TABLE ${schema}.meta (name text PRIMARY KEY, value text NOT NULL);
      CREATE TABLE ${schema}.head (
        sequence_no bigint NOT NULL, hash bytea NOT NULL, time bigint NOT NULL, catalog_sequence_no bigint NOT NULL);
      INSERT INTO ${schema}.head VALUES (-1, '', 0, -1);
      CREATE TABLE ${schema}.blocks (
        sequence_no bigint PRIMARY KEY, hash bytea NOT NULL, time bigint NOT NULL, transaction_id text NOT NULL,
        ion bytea NOT NULL);
      CREATE TABLE ${schema}.tables (
        table_no integer PRIMARY KEY, table_id text NOT NULL UNIQUE, name bytea NOT NULL,
        from_seq bigint NOT NULL, changed_seq bigint NOT NULL);
      CREATE TABLE ${schema}.table_periods (
        table_no integer NOT NULL, from_seq bigint NOT NULL, to_seq bigint NOT NULL, PRIMARY KEY (table_no, from_seq));
      CREATE TABLE ${schema}.indexes (
        index_no integer PRIMARY KEY, index_id text NOT NULL UNIQUE, table_no integer NOT NULL, field bytea NOT NULL,
        is_unique boolean NOT NULL, from_seq bigint NOT NULL, to_seq bigint NOT NULL);
      CREATE TABLE ${schema}.revisions (
        row_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, table_no integer NOT NULL,
        document_id text COLLATE "C" NOT NULL, version bigint NOT NULL, from_seq bigint NOT NULL, to_seq bigint NOT NULL,
        time bigint NOT NULL, transaction_id text NOT NULL, hash bytea NOT NULL, data_hash bytea, data bytea);
      CREATE UNIQUE INDEX revisions_by_document ON ${schema}.revisions (document_id, version);
      CREATE INDEX revisions_by_table ON ${schema}.revisions (table_no, to_seq, from_seq) INCLUDE (row_no);
      CREATE TABLE ${schema}.index_entries (
        index_no integer NOT NULL, key bytea NOT NULL, to_seq bigint NOT NULL, document_id text COLLATE "C" NOT NULL,
        from_seq bigint NOT NULL, PRIMARY KEY (index_no, key, to_seq, document_id, from_seq));
      CREATE TABLE ${schema}.merkle_nodes (
        level integer NOT NULL, position bigint NOT NULL, hash bytea NOT NULL, PRIMARY KEY (level, position))`,
  },
];
