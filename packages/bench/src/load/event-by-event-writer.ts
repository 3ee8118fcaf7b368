// SPDX-License-Identifier: MIT
import { type RevisionEvent, decodeEvents } from "@ledger-loader/core";
import { QldbDriver, type TransactionExecutor } from "amazon-qldb-driver-nodejs";
import { dom } from "ion-js";

/** The field in which the Java loader keeps a record's id. */
export const ID_FIELD = "oldDocumentId";

/**
 * Loads events as AWS's Java loader does (`amazon-qldb-ledger-load-java`, `BaseRevisionWriter`): one event after the
 * other, each in a transaction of its own that finds the current revision, compares versions and writes.
 */
export class EventByEventWriter {
  readonly #driver: QldbDriver;

  constructor(driver: QldbDriver) {
    this.#driver = driver;
  }

  /** Loads event messages, in order. */
  async load(messages: readonly string[]): Promise<void> {
    for (const message of messages) {
      for (const { event } of decodeEvents(message).events) {
        if (event === undefined) throw new Error("Expected a sound event, found a malformed one.");
        await this.#driver.executeLambda((transaction) => write(transaction, event));
      }
    }
  }
}

async function write(transaction: TransactionExecutor, event: RevisionEvent): Promise<void> {
  const { table, id, version = 0 } = event;
  if (id === undefined) throw new Error("Expected an event with an id, found none.");
  const found = await transaction.execute(
    `SELECT * FROM _ql_committed_${table} AS d WHERE d.data.${ID_FIELD} = ?`,
    id.value,
  );
  const [current] = found.getResultList();
  const currentVersion = current?.get("metadata", "version")?.numberValue() ?? -1;
  if (version !== currentVersion + 1) {
    throw new Error(`Expected version ${currentVersion + 1} of a record to come next, found ${version}.`);
  }
  if (current === undefined) {
    await transaction.execute(`INSERT INTO ${table} VALUE ?`, withId(event));
    return;
  }
  const documentId = current.get("metadata", "id");
  if (event.op === "DELETE") {
    await transaction.execute(`DELETE FROM ${table} BY rid WHERE rid = ?`, documentId);
  } else {
    await transaction.execute(
      `UPDATE ${table} AS doc BY rid SET doc = ? WHERE rid = ?`,
      withId(event),
      documentId,
    );
  }
}

function withId({ data, id }: RevisionEvent): dom.Struct {
  if (data === undefined || id === undefined)
    throw new Error("Expected an event with data and id, found none.");
  const fields = data
    .allFields()
    .flatMap(([name, values]) => values.map((value): [string, dom.Value] => [name, value]));
  return new dom.Struct([...fields, [ID_FIELD, id.value]]);
}
