// SPDX-License-Identifier: MIT
import {
  type Ledger,
  type Loader,
  type Outcome,
  type RevisionEvent,
  type Transaction,
  isDeletion,
  quoteIdentifier,
  rejected,
} from "@ledger-loader/core";
import { dom } from "ion-js";

/**
 * A loader that looks only at the current revision, as the Java loader does: it cannot tell a redelivered INSERT of a
 * deleted record from a new one, nor a gap from a beginning.
 */
export function createNaiveLoader(ledger: Ledger): Loader {
  return {
    async load(deliveries) {
      const reports = [];
      for (const delivery of deliveries) {
        const outcomes: { outcome: Outcome }[] = [];
        for (const { event, rejected: refused } of decode(() => delivery.decode().events)) {
          outcomes.push({ outcome: event === undefined ? refused : await apply(ledger, event) });
        }
        const { deliveryId } = delivery;
        reports.push({ deliveryId, events: outcomes, split: false, heldBack: false });
      }
      const failed = reports.filter(({ events }) =>
        events.some(({ outcome }) => outcome.status === "rejected"),
      );
      const counts = {
        written: 0,
        writtenWithoutId: 0,
        skipped: { "already-applied": 0, superseded: 0, "missing-document": 0 },
        rejected: {},
      };
      return { deliveries: reports, failed, counts };
    },
    close: () => ledger.close(),
  };
}

function decode<T>(events: () => readonly T[]): readonly T[] {
  try {
    return events();
  } catch {
    // As the Java loader: what cannot be parsed is dropped.
    return [];
  }
}

function apply(ledger: Ledger, event: RevisionEvent): Promise<Outcome> {
  return ledger.transact((transaction) => applyTo(transaction, event));
}

async function applyTo(transaction: Transaction, event: RevisionEvent): Promise<Outcome> {
  const id = event.id?.value ?? dom.Value.from("");
  const [current] = await transaction.execute(
    `SELECT metadata.id AS id, metadata.version AS version FROM _ql_committed_T WHERE data.oldDocumentId = ?`,
    id,
  );
  const table = quoteIdentifier(event.table);
  const data = new dom.Struct([...(event.data?.fields() ?? []), ["oldDocumentId", id]]);
  if (current === undefined) {
    if (isDeletion(event) || event.op === "UPDATE") return rejected("missing-document", "", true);
    await transaction.execute(`INSERT INTO ${table} ?`, data);
    return { status: "written" };
  }
  const expected = (current.get("version")?.numberValue() ?? 0) + 1;
  if ((event.version ?? 0) < expected || event.op === "INSERT")
    return { status: "skipped", reason: "already-applied" };
  if ((event.version ?? 0) > expected) return rejected("version-gap", "", true);
  const documentId = current.get("id") ?? id;
  if (isDeletion(event)) await transaction.execute(`DELETE FROM ${table} BY id WHERE id = ?`, documentId);
  else await transaction.execute(`UPDATE ${table} AS d BY id SET d = ? WHERE id = ?`, data, documentId);
  return { status: "written" };
}
