// SPDX-License-Identifier: MIT
import { hasField } from "@ledger-loader/ion";
import { BOOKKEEPING_TABLE } from "./bookkeeping";
import { recordKey, type RevisionEvent } from "../event/event";
import type { FieldName } from "../event/identifier";
import { rejected, type Rejected } from "../event/outcome";
import { toRecordId } from "../event/record-id";
import type { Tables } from "./tables";
import { callHook, toRejected, type WriterHooks } from "./writer-hooks";

/** An event with what can be said of it before anything is read. */
export interface Draft {
  readonly event: RevisionEvent;
  readonly recordKey?: string | undefined;
  readonly idField?: FieldName | undefined;
  /** Why the event cannot be applied whatever the ledger holds. */
  readonly rejected?: Rejected | undefined;
}

/** Checks the event against tables and writer. */
export function toDraft(event: RevisionEvent, hooks: WriterHooks, tables: Tables): Draft {
  const idField = callHook("idField", () => hooks.idField(event.table));
  const refusal =
    checkTable(event, idField, tables) ??
    checkIdField(event, idField) ??
    callHook("preValidate", () => toRejected(hooks.preValidate(event)));
  return { event, recordKey: recordKey(event), idField, rejected: refusal };
}

function checkTable(
  event: RevisionEvent,
  idField: FieldName | undefined,
  tables: Tables,
): Rejected | undefined {
  const { table, id } = event;
  if (table === BOOKKEEPING_TABLE) {
    return rejected(
      "invalid-table",
      `Expected a table of the source, found ${table}, the loader's own. Leave it out.`,
    );
  }
  const indexedFields = tables.get(table);
  if (indexedFields === undefined) {
    return rejected(
      "unknown-table",
      `Expected an active table ${table}, found none. Create it, then redeliver.`,
      true,
    );
  }
  if (id === undefined) return undefined;
  if (idField === undefined) {
    return rejected(
      "no-id-field",
      `Expected an id field for table ${table}, found none. Map it in the RevisionWriter.`,
    );
  }
  if (indexedFields.has(idField)) return undefined;
  return rejected(
    "index-missing",
    `Expected an index on field ${idField} of table ${table}, found none. Create it, then redeliver.`,
    true,
  );
}

/** The id field belongs to the writer: a document that carries it with another value is not overwritten. */
function checkIdField(event: RevisionEvent, idField: FieldName | undefined): Rejected | undefined {
  const { data } = event;
  if (idField === undefined || data === undefined || !hasField(data, idField)) return undefined;
  const carried = data.getAll(idField) ?? [];
  const isSame = carried.every((value) => event.id !== undefined && toRecordId(value)?.key === event.id.key);
  return isSame && carried.length === 1
    ? undefined
    : rejected(
        "id-field-conflict",
        `Expected field ${String(idField)} to be absent or to equal the event's id, found another value. ` +
          `Use another id field, or correct the event.`,
      );
}
