// SPDX-License-Identifier: MIT
import { BOOKKEEPING_TABLE, isIdentifier, type FieldName, type TableName } from "@ledger-loader/core";
import { LedgerLoaderError } from "@ledger-loader/errors";
import type { JournalExport } from "@ledger-loader/export";
import { readBlockRevisions, type BlockRevision } from "./block-revisions";

/** How an export is looked at before it is replayed. */
export interface IdFieldSurveyOptions {
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

/** What the first revisions of an export say about the fields that are to keep ids. */
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
  { idFieldOf, tables, revisionsMax = REVISIONS_MAX }: IdFieldSurveyOptions,
): Promise<IdFieldSurvey> {
  const taken = new Map<string, TakenIdField>();
  const names = new Set<string>();
  let left = revisionsMax;
  for await (const block of journal.blocks()) {
    for (const revision of readBlockRevisions(block).revisions) {
      if (revision.table === undefined || tables?.has(revision.table) === false) continue;
      left -= 1;
      for (const [name] of fieldsOf(revision)) if (name !== undefined) names.add(name);
      const found = findTakenField(revision, idFieldOf);
      if (found !== undefined) taken.set(found.table, found);
    }
    if (left <= 0) break;
  }
  return { taken: [...taken.values()], freeField: (name) => freeName(name, names) };
}

/** The id field of the revision's table, if the document has it with another value than its id. */
export function findTakenField(
  revision: BlockRevision,
  idFieldOf: IdFieldSurveyOptions["idFieldOf"],
): TakenIdField | undefined {
  const { table = "", id } = revision;
  if (table === BOOKKEEPING_TABLE || !isIdentifier(table)) return undefined;
  const field = idFieldOf(table);
  const carried = fieldsOf(revision).filter(([name]) => name === field);
  const isOwnId = carried.every(
    ([, value]) => value.type === "string" && !value.isNull && value.stringValue() === id,
  );
  return field === undefined || (isOwnId && carried.length <= 1) ? undefined : { table, field };
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
