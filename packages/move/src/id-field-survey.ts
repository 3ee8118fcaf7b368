// SPDX-License-Identifier: MIT
import {
  BOOKKEEPING_TABLE,
  isIdentifier,
  type FieldName,
  type RevisionEvent,
  type TableName,
  toRecordId,
} from "@ledger-loader/core";
import { LedgerLoaderError } from "@ledger-loader/errors";
import type { JournalExport } from "@ledger-loader/export";
import { readBlockRevisions, type BlockRevision } from "./block-revisions";
import { changesEvents, type ReplayChanges, writtenEvents } from "./written-events";

/** How an export is looked at before it is replayed. What counts is what is written, after the mapping and the masking. */
export interface IdFieldSurveyOptions extends ReplayChanges {
  /** The field that is to keep the id of a table's documents; `undefined` where there is none. */
  readonly idFieldOf: (table: TableName) => FieldName | undefined;
  /** Only these tables. Default: all but the loader's own. */
  readonly tables?: ReadonlySet<string> | undefined;
  /** Revisions to look at. @defaultValue `20000` */
  readonly revisionsMax?: number;
}

/** A table whose documents have the id field already, with another value than their id. */
export interface TakenIdField {
  readonly table: string;
  readonly field: string;
}

/** The state of the id fields in the first revisions of an export. */
export interface IdFieldSurvey {
  /** Tables where the loader could not keep ids in the field. */
  readonly taken: readonly TakenIdField[];
  /** A name that no document of these revisions has at its top level: the given one, or that with a number. */
  readonly freeField: (name: string) => string;
}

/** Documents of a table have the field in which the loader is to keep their ids, with other values. */
export class IdFieldTakenError extends LedgerLoaderError {
  readonly code = "ID_FIELD_TAKEN";
  readonly table: string;
  readonly field: string;

  /** @param advice - how to name another field; completes "Name another field for the ids". */
  constructor({ table, field }: TakenIdField, advice: string) {
    super(
      `Expected the documents of table ${table} to have no field ${field}, in which the ledger is to keep their ids, ` +
        `found documents with other values there: an earlier load wrote them. Name another field for the ids${advice}.`,
    );
    this.table = table;
    this.field = field;
  }
}

const REVISIONS_MAX = 20_000;

/**
 * Looks at the first revisions of an export for documents that have the id field already, as after an earlier load: the
 * loader overwrites no value and would reject each of them as `id-field-conflict`.
 */
export async function surveyIdFields(
  journal: JournalExport,
  { idFieldOf, tables, revisionsMax = REVISIONS_MAX, ...changes }: IdFieldSurveyOptions,
): Promise<IdFieldSurvey> {
  const taken = new Map<string, TakenIdField>();
  const names = new Set<string>();
  let left = revisionsMax;
  for await (const block of journal.blocks()) {
    for (const revision of readBlockRevisions(block).revisions) {
      if (revision.table === undefined || tables?.has(revision.table) === false) continue;
      left -= 1;
      for (const document of lookAt(revision, idFieldOf, changes)) {
        for (const name of document.fields) names.add(name);
        if (document.taken !== undefined) taken.set(document.taken.table, document.taken);
      }
    }
    if (left <= 0) break;
  }
  return { taken: [...taken.values()], freeField: (name) => freeName(name, names) };
}

/** The id field of the table that the revision goes to, if its document has it with another value than its id. */
export function findTakenField(
  revision: BlockRevision,
  idFieldOf: IdFieldSurveyOptions["idFieldOf"],
  changes: ReplayChanges = {},
): TakenIdField | undefined {
  return lookAt(revision, idFieldOf, changes).find(({ taken }) => taken !== undefined)?.taken;
}

/** A document's state of the field that is to keep its id. */
interface LookedAt {
  readonly taken: TakenIdField | undefined;
  /** The names of its fields. */
  readonly fields: readonly string[];
}

function lookAt(
  revision: BlockRevision,
  idFieldOf: IdFieldSurveyOptions["idFieldOf"],
  changes: ReplayChanges,
): readonly LookedAt[] {
  if (!changesEvents(changes)) return [lookAtRevision(revision, idFieldOf)];
  return writtenEvents(revision, changes).flatMap((event) => (event ? lookAtEvent(event, idFieldOf) : []));
}

function lookAtRevision(revision: BlockRevision, idFieldOf: IdFieldSurveyOptions["idFieldOf"]): LookedAt {
  const { table = "", id } = revision;
  const fields = fieldsOf(revision);
  const looked = fields.flatMap(([name]) => name ?? []);
  const field = fieldOf(table, idFieldOf);
  if (field === undefined) return { taken: undefined, fields: looked };
  const carried = fields.filter(([name]) => name === field);
  const isOwnId = carried.every(
    ([, value]) => value.type === "string" && !value.isNull && value.stringValue() === id,
  );
  return { taken: isOwnId && carried.length <= 1 ? undefined : { table, field }, fields: looked };
}

function lookAtEvent(
  { table, id, data }: RevisionEvent,
  idFieldOf: IdFieldSurveyOptions["idFieldOf"],
): LookedAt {
  const fields = data?.fieldNames() ?? [];
  const field = fieldOf(table, idFieldOf);
  const carried = field === undefined ? [] : (data?.getAll(field) ?? []);
  const isOwnId = carried.every((value) => id !== undefined && toRecordId(value)?.key === id.key);
  const isFree = field === undefined || (isOwnId && carried.length <= 1);
  return { taken: isFree ? undefined : { table, field }, fields };
}

function fieldOf(table: string, idFieldOf: IdFieldSurveyOptions["idFieldOf"]): FieldName | undefined {
  return table === BOOKKEEPING_TABLE || !isIdentifier(table) ? undefined : idFieldOf(table);
}

function fieldsOf({ data }: BlockRevision): ReturnType<NonNullable<BlockRevision["data"]>["fields"]> {
  return data?.type === "struct" && !data.isNull ? data.fields() : [];
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${name}${number}`;
    if (!taken.has(candidate)) return candidate;
  }
}
