// SPDX-License-Identifier: MIT
import { IonTypes } from "ion-js";
import type { dom, Timestamp } from "ion-js";
import { chooseAccess } from "./access-path";
import type { AccessPath } from "./access-path";
import type { FromStep, HistorySource, Lookup, LookupTarget, NestedQuery, TableSource } from "./from-step";
import type { TableReference } from "../syntax/ast";
import type { CatalogRevision, CatalogTable, HistoryOptions } from "../catalog";
import type { Evaluate } from "./evaluate";
import { isAbsent, textOf } from "../value/datum";
import { UnknownTableError } from "../errors";
import { DocumentItem, RevisionItem, ValueItem } from "./frame";
import type { Frame, RowItem } from "./frame";
import { compareInstants, instantOf } from "../value/instant";
import { isNumber } from "../value/numeric";
import { settled } from "./nested-query";

/** Reads what a FROM item ranges over, as little of it as the lookups allow; of a whole table without the first `skip` documents. */
export async function* openSource(
  { source, lookups }: Pick<FromStep, "source" | "lookups">,
  frame: Frame,
  skip = 0,
): AsyncGenerator<RowItem> {
  switch (source.kind) {
    case "table":
      yield* openTable({ source, lookups, skip }, frame);
      return;
    case "history":
      yield* openHistory(source, lookups, frame);
      return;
    case "user-tables":
      for (const row of await frame.catalog.userTables()) yield new ValueItem(row);
      return;
    case "values": {
      for (const item of await settled(frame, () => source.items(frame))) {
        if (item.isLong) await item.decode(frame.workload);
        yield item;
      }
    }
  }
}

/** Finds a table, an active one by its name, any one by its id. */
export async function readTable(
  { by, text, at }: TableReference,
  { catalog, source }: Frame,
): Promise<CatalogTable> {
  const table = await (by === "name" ? catalog.findTable(text) : catalog.findTableById(text));
  if (table !== undefined) return table;
  const message =
    by === "name"
      ? // QLDB's phrase, which clients have been seen to match.
        `No such variable named '${text}': no active table has this name. Create the table, or check the spelling, which is case sensitive.`
      : `Expected an existing table, found none with the id ${text}: take the id from information_schema.user_tables.`;
  throw new UnknownTableError(message, source, at);
}

/** Finds the tables of all loops first: an unknown one is an error also where no row ever leads to it. */
export async function readTables(
  steps: readonly FromStep[],
  queries: readonly NestedQuery[],
  frame: Frame,
): Promise<void> {
  for (const { source } of [...steps, ...queries.flatMap((query) => query.steps)]) {
    if (source.kind === "table" || source.kind === "history") await tableOf(source, frame);
  }
}

/** An inner loop is opened once per outer row, but its table is looked up once. */
export function tableOf(source: TableSource | HistorySource, frame: Frame): Promise<CatalogTable> {
  return frame.once(source, () => readTable(source.table, frame));
}

/** How a table is read. */
interface TableReading {
  readonly source: TableSource;
  readonly lookups: readonly Lookup[];
  readonly skip: number;
}

async function* openTable({ source, lookups, skip }: TableReading, frame: Frame): AsyncGenerator<RowItem> {
  const table = await tableOf(source, frame);
  const access = chooseAccess(lookups, table);
  const revisions =
    access.kind === "scan" ? table.scan(skip) : await settled(frame, () => revisionsOf(table, access, frame));
  for await (const revision of revisions) {
    yield source.committed ? new RevisionItem(revision) : new DocumentItem(revision);
  }
}

/** Where no value is asked for, nothing can be equal: nothing is read, so nothing can conflict either. */
function revisionsOf(
  table: CatalogTable,
  access: Exclude<AccessPath, { readonly kind: "scan" }>,
  frame: Frame,
): AsyncIterable<CatalogRevision> | readonly CatalogRevision[] {
  switch (access.kind) {
    case "documentId": {
      const ids = textsOf(access.lookup.values(frame));
      return ids.length === 0 ? [] : table.findByIds(ids);
    }
    case "index": {
      if (access.lookup.findsNull(frame)) return table.scan();
      const values = access.lookup.values(frame);
      return values.length === 0 ? [] : table.findByIndex(access.field, values);
    }
  }
}

/** Document ids are text: other values equal none. */
function textsOf(values: readonly dom.Value[]): string[] {
  return values.flatMap((value) => textOf(value) ?? []);
}

async function* openHistory(
  source: HistorySource,
  lookups: readonly Lookup[],
  frame: Frame,
): AsyncGenerator<RowItem> {
  const table = await tableOf(source, frame);
  const options = await settled(frame, () => historyOptions(source, lookups, frame));
  if (options.documentIds?.length === 0 || options.versions?.length === 0) return;
  for await (const revision of table.history(options)) yield new RevisionItem(revision);
}

function historyOptions(source: HistorySource, lookups: readonly Lookup[], frame: Frame): HistoryOptions {
  const valuesFor = (kind: LookupTarget["kind"]) =>
    lookups.find(({ target }) => target.kind === kind)?.values(frame);
  const ids = valuesFor("documentId");
  const versions = valuesFor("version");
  return {
    documentIds: ids && textsOf(ids),
    versions: versions?.flatMap(toVersion),
    ...historyRange(source, frame),
  };
}

function toVersion(value: dom.Value): readonly number[] {
  const version = isNumber(value) ? value.numberValue() : null;
  return version !== null && Number.isSafeInteger(version) ? [version] : [];
}

/**
 * Start and end of a history, both inclusive. An end in the future means now; the start is not later than that.
 *
 * Source: https://docs.aws.amazon.com/qldb/latest/developerguide/working.history.html, which excludes an end in the
 * future. It is accepted here, because the test suite of an emulator, validated against the service, uses one.
 */
function historyRange(source: HistorySource, frame: Frame): Pick<HistoryOptions, "start" | "end"> {
  const now = frame.catalog.now();
  const start = source.start && timeOf(source.start, source, frame);
  const given = source.end && timeOf(source.end, source, frame);
  const end = given !== undefined && isAfter(given, now) ? undefined : given;
  if (start !== undefined && isAfter(start, end ?? now)) {
    throw source.error("Expected a start time that is not after the end time, or now, found a later one.");
  }
  return { start, end };
}

function timeOf(evaluate: Evaluate, source: HistorySource, frame: Frame): Timestamp {
  const value = evaluate(frame);
  const time = isAbsent(value) || value.getType() !== IonTypes.TIMESTAMP ? null : value.timestampValue();
  if (time === null) {
    throw source.error(
      "Expected a timestamp, such as `2019-06-05T00:00:00Z` between backticks, found another value.",
    );
  }
  return time;
}

function isAfter(left: Timestamp, right: Timestamp): boolean {
  return compareInstants(instantOf(left), instantOf(right)) > 0;
}
