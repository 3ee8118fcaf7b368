// SPDX-License-Identifier: MIT
import { Pool } from "pg";
import type { DocumentStore } from "./document-store";

/** Opens a new table of documents in a PostgreSQL database, by plain SQL. */
export async function openPlainPostgres(url: string, sessions: number): Promise<DocumentStore> {
  const pool = new Pool({ connectionString: url, max: sessions });
  await pool.query("DROP TABLE IF EXISTS bench_documents");
  await pool.query(
    "CREATE TABLE bench_documents (id bigserial PRIMARY KEY, key text NOT NULL, ion bytea NOT NULL)",
  );
  await pool.query("CREATE INDEX ON bench_documents (key)");
  return {
    async insert(documents) {
      await pool.query({
        name: "insert",
        text: "INSERT INTO bench_documents (key, ion) SELECT * FROM unnest($1::text[], $2::bytea[])",
        values: [documents.map(({ key }) => key), documents.map(({ ion }) => Buffer.from(ion))],
      });
    },
    async count(key) {
      const text = "SELECT ion FROM bench_documents WHERE key = $1";
      return (await pool.query({ name: "find", text, values: [key] })).rowCount ?? 0;
    },
    async close() {
      await pool.query("DROP TABLE bench_documents");
      await pool.end();
    },
  };
}
