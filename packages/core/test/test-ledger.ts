// SPDX-License-Identifier: MIT
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DriverLedger, type DriverLedgerOptions, ensureTables, parseIdentifier } from "@ledger-loader/core";
import { openLedgerServer, type LedgerServerOptions } from "@ledger-loader/ledger";
import { dom, dumpText } from "ion-js";

/** One revision in a table's history. */
export interface TestRevision {
  readonly documentId: string;
  readonly version: number;
  /** The document as Ion text, or `undefined` for a deletion. */
  readonly data: string | undefined;
}

/** A real embedded ledger behind its real server, reached through the official driver. */
export interface TestLedger {
  readonly endpoint: string;
  /** A connection of its own for each loader; all are closed with the ledger. */
  connect(options?: Partial<DriverLedgerOptions>): DriverLedger;
  run(statement: string, ...parameters: readonly dom.Value[]): Promise<readonly dom.Value[]>;
  /** A table's current documents as Ion text, sorted. */
  documents(table: string): Promise<readonly string[]>;
  /** A table's history, by document and version. */
  history(table: string): Promise<readonly TestRevision[]>;
  /** One record's revisions, document by document, without the id field. `undefined`: a deletion. */
  historyOf(table: string, id: string): Promise<readonly (string | undefined)[]>;
  close(): Promise<void>;
}

/** Starts a ledger with these tables, each with its field indexed. */
export async function startTestLedger(
  tables: Readonly<Record<string, string>> = { T: "oldDocumentId" },
  options: Partial<LedgerServerOptions> = {},
): Promise<TestLedger> {
  const dataFolder = await mkdtemp(join(tmpdir(), "ledger-loader-core-"));
  const server = await openLedgerServer({ dataFolder, ...options });
  await server.store.createLedger("test");
  const connections: DriverLedger[] = [];
  const connect = (given: Partial<DriverLedgerOptions> = {}): DriverLedger => {
    const ledger = new DriverLedger({ ledgerName: "test", endpoint: server.endpoint, ...given });
    connections.push(ledger);
    return ledger;
  };
  const main = connect();
  const needs = Object.entries(tables).map(([table, field]) => ({
    table: parseIdentifier(table),
    indexedFields: [parseIdentifier(field)],
  }));
  await ensureTables(main, needs);
  const run: TestLedger["run"] = (statement, ...parameters) =>
    main.transact((transaction) => transaction.execute(statement, ...parameters));
  const history: TestLedger["history"] = async (table) =>
    (await run(`SELECT * FROM history(${table})`)).map(toRevision).sort(byDocument);
  // A history is read by document ids: a read of the whole table costs more with each record that a test writes.
  const historyOf: TestLedger["historyOf"] = async (table, id) => {
    const ids = await run(
      `SELECT VALUE h.metadata.id FROM history(${table}) AS h WHERE h.data.oldDocumentId = ?`,
      new dom.String(id),
    );
    const own = new Set(ids.map((documentId) => documentId.stringValue() ?? ""));
    const revisions = await Promise.all(
      [...own].map((documentId) =>
        run(`SELECT * FROM history(${table}) AS h WHERE h.metadata.id = ?`, new dom.String(documentId)),
      ),
    );
    return revisions
      .flat()
      .map(toRevision)
      .sort(byDocument)
      .map(({ data }) => data?.replace(idFieldOf(id), ""));
  };
  return {
    endpoint: server.endpoint,
    connect,
    run,
    documents: async (table) => (await run(`SELECT * FROM ${table}`)).map((row) => dumpText(row)).sort(),
    history,
    historyOf,
    async close() {
      await Promise.all(connections.map((connection) => connection.close()));
      await server.close();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

function toRevision(row: dom.Value): TestRevision {
  const data = row.get("data");
  return {
    documentId: row.get("metadata", "id")?.stringValue() ?? "",
    version: row.get("metadata", "version")?.numberValue() ?? -1,
    data: data === null ? undefined : dumpText(data),
  };
}

const idFieldOf = (id: string): RegExp => new RegExp(`,?oldDocumentId:"${id}"`);

function byDocument(a: TestRevision, b: TestRevision): number {
  return a.documentId === b.documentId ? a.version - b.version : a.documentId < b.documentId ? -1 : 1;
}
