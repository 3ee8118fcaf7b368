// SPDX-License-Identifier: MIT
import { type Ledger, type RevisionEvent, placeholder } from "@ledger-loader/core";
import { dom, dumpText } from "ion-js";

/**
 * The revisions of each record, oldest first, as Ion text: `deleted` where the record was deleted, the placeholder that
 * the loader writes where the revision was redacted.
 */
export type Histories = ReadonlyMap<string, readonly string[]>;

/** The mark of a deletion in {@link Histories}. */
export const DELETED = "deleted";

/** A ledger's history after these events, applied once and in order of their versions. */
export function historiesOf(events: readonly RevisionEvent[]): Histories {
  const histories = new Map<string, Map<number, string>>();
  for (const event of events) {
    if (event.id === undefined || event.version === undefined) continue;
    const key = dumpText(event.id.value);
    const history = histories.get(key) ?? new Map<number, string>();
    histories.set(key, history);
    history.set(event.version, contentOf(event));
  }
  return new Map([...histories].map(([key, history]) => [key, inOrder(history)]));
}

/**
 * Reads a table's history by record, without the field that the loader itself adds.
 *
 * @param idField the field that holds the record's id.
 */
export async function readHistories(
  ledger: Ledger,
  table: string,
  idField = "oldDocumentId",
): Promise<Histories> {
  const rows = await ledger.transact((transaction) =>
    transaction.execute(`SELECT * FROM history("${table}") AS h`),
  );
  const recordOf = new Map<string, string>();
  const histories = new Map<string, [place: number, revision: string][]>();
  for (const row of rows.toSorted((a, b) => versionOf(a) - versionOf(b))) {
    const documentId = row.get("metadata", "id")?.stringValue() ?? "";
    const data = row.get("data");
    const id = data?.get(idField);
    if (id !== undefined && id !== null) recordOf.set(documentId, dumpText(id));
    const record = recordOf.get(documentId) ?? documentId;
    const revision = data instanceof dom.Struct ? dumpText(without(data, idField)) : DELETED;
    histories.set(record, [...(histories.get(record) ?? []), [blockOf(row), revision]]);
  }
  return new Map([...histories].map(([record, history]) => [record, inOrder(history)]));
}

function contentOf(event: RevisionEvent): string {
  if (event.dataHash !== undefined) return dumpText(placeholder(event.dataHash));
  return event.data === undefined ? DELETED : dumpText(event.data);
}

function inOrder(history: Iterable<readonly [place: number, revision: string]>): string[] {
  return [...history].toSorted(([a], [b]) => a - b).map(([, revision]) => revision);
}

function versionOf(row: dom.Value): number {
  return row.get("metadata", "version")?.numberValue() ?? 0;
}

/** A record changes at most once per block, so blocks order its revisions, over several documents too. */
function blockOf(row: dom.Value): number {
  return row.get("blockAddress", "sequenceNo")?.numberValue() ?? 0;
}

function without(data: dom.Struct, field: string): dom.Struct {
  return new dom.Struct(
    data
      .allFields()
      .flatMap(([name, values]) =>
        name === field ? [] : values.map((value): [string, dom.Value] => [name, value]),
      ),
  );
}
