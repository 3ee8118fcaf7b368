// SPDX-License-Identifier: MIT

/** The tables of a database that hold what is derived from a journal, in every storage. */
export const DERIVED_TABLES = [
  "tables",
  "table_periods",
  "indexes",
  "revisions",
  "index_entries",
  "merkle_nodes",
] as const;
