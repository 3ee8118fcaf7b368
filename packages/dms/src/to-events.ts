// SPDX-License-Identifier: MIT
import {
  ALL_UNCHANGED,
  type DecodedEvent,
  type EventFields,
  type EventOp,
  InvalidEventError,
  type Logger,
  type Position,
  type RevisionEvent,
  createEvent,
  rejected,
  toRecordId,
} from "@ledger-loader/core";
import { dom } from "ion-js";
import { checkExact } from "./column-value";
import { applyControl, type ControlPolicy } from "./control-policy";
import type { DmsDataRecord, DmsOperation, DmsRecord } from "./dms-record";
import type { AbsentColumns, LoadEventMapper } from "./load-event-mapper";
import { positionOf, type SourceOrder } from "./source-position";

/** Everything that decides what a record becomes. */
export interface DmsContext {
  readonly mapper: LoadEventMapper;
  readonly order: SourceOrder;
  readonly controlPolicy: ControlPolicy;
  readonly withoutPosition: "reject" | "accept";
  readonly beforeImageField: string;
  readonly absentColumns: AbsentColumns;
  readonly logger: Logger;
}

const OPS: Readonly<Record<DmsOperation, EventOp>> = {
  load: "INSERT",
  insert: "INSERT",
  update: "UPDATE",
  delete: "DELETE",
};

/**
 * The events of one record: one, two where an update has changed the key, none where policy or mapping say that the
 * record is acknowledged.
 */
export function toEvents(record: DmsRecord, context: DmsContext): readonly DecodedEvent[] {
  const { mapper, controlPolicy, logger } = context;
  const { source, operation } = record;
  if (mapper.ignores?.(source) === true) {
    logger.info({ operation, schema: source.schema, sourceTable: source.table }, "ignored by the mapping");
    return [];
  }
  if (record.recordType === "control") return applyControl(record, controlPolicy, logger);
  try {
    return toRowEvents(record, context).map((event) => ({ event }));
  } catch (error) {
    return [{ rejected: toRejected(error) }];
  }
}

function toRowEvents(record: DmsDataRecord, context: DmsContext): readonly RevisionEvent[] {
  const { mapper } = context;
  const { operation, source, before } = record;
  const row =
    operation === "update" && context.absentColumns === "reject"
      ? withUnchanged(record.row, before)
      : record.row;
  const table = mapper.mapTableName(source);
  if (table === undefined) {
    const found = `no target for ${source.schema}.${source.table}`;
    throw new InvalidEventError("the table", "mapped, or ignored, by the mapping", found, "not-mapped");
  }
  const position = requirePosition(record, context);
  const event = (op: EventOp, id: dom.Value, more?: Partial<EventFields>): RevisionEvent =>
    createEvent({ op, table, id, position, ...more });
  if (operation === "delete") return [event("DELETE", requireKey(withBefore(row, before), record, mapper))];
  const id = requireKey(row, record, mapper);
  const data = mapper.mapDataRecord(row, source, before);
  checkExact(data, "data");
  const unchanged = findUnchanged(row, record, context);
  const oldId = operation === "update" && before ? requireKey(withBefore(row, before), record, mapper) : id;
  if (isSameId(oldId, id)) return [event(OPS[operation], id, { data, unchanged })];
  // The old record ends and the new one begins, at one position and in one transaction.
  const unchangedOf = unchanged.length === 0 ? undefined : oldId;
  return [event("DELETE", oldId), event("INSERT", id, { data, unchanged, unchangedOf })];
}

/** The fields that an update leaves out; for what is no update there is no revision to take them from. */
function findUnchanged(
  row: dom.Struct,
  { operation, source }: DmsDataRecord,
  { mapper, absentColumns }: DmsContext,
): readonly string[] {
  if (absentColumns === "omit") return [];
  const absent = mapper.unchangedFields?.(row, source) ?? [];
  if (operation === "update") return absent;
  const named = absent.find((name) => name !== ALL_UNCHANGED);
  if (named === undefined) return [];
  throw new InvalidEventError(
    `the column of field ${named}`,
    "a value or null",
    `neither in a row of ${operation} (set IncludeNullAndEmpty in DMS, or DMS_ABSENT_COLUMNS=omit if absent means NULL)`,
  );
}

function requirePosition(
  record: DmsDataRecord,
  { order, withoutPosition }: DmsContext,
): Position | undefined {
  const position = positionOf(record, order);
  if (position !== undefined || withoutPosition === "accept") return position;
  throw new InvalidEventError(
    "stream-position",
    "there",
    "none (set IncludeTransactionDetails on the DMS endpoint: without the log's position nothing orders the changes)",
    "order-unknown",
  );
}

function requireKey(row: dom.Struct, { source, before }: DmsDataRecord, mapper: LoadEventMapper): dom.Value {
  const key = mapper.mapPrimaryKey(row, source, before);
  if (key === undefined) {
    const found = `none in a row of ${source.schema}.${source.table}`;
    throw new InvalidEventError("the key", "a value in each of its columns", found, "id-required");
  }
  checkExact(key, "the key");
  return key;
}

/**
 * The row after the change with the columns that DMS left out, where the before image tells them: they have not changed.
 * A NULL there tells nothing: some engines write it for what they do not know.
 */
function withUnchanged(row: dom.Struct, before: dom.Struct | undefined): dom.Struct {
  const unchanged = (before?.fields() ?? []).filter(
    ([name, value]) => !value.isNull() && row.get(name) === null,
  );
  return unchanged.length === 0 ? row : new dom.Struct([...row.fields(), ...unchanged]);
}

/** The row before the change: engines tell all columns, those of the key, or only those that have changed. */
function withBefore(row: dom.Struct, before: dom.Struct | undefined): dom.Struct {
  if (before === undefined) return row;
  // No key holds NULL: in a before image it stands for a column that has not changed.
  const known = before.fields().filter(([, value]) => !value.isNull());
  return new dom.Struct([...new Map([...row.fields(), ...known])]);
}

function isSameId(a: dom.Value, b: dom.Value): boolean {
  return a === b || toRecordId(a)?.key === toRecordId(b)?.key;
}

function toRejected(error: unknown): ReturnType<typeof rejected> {
  if (error instanceof InvalidEventError) return rejected(error.reason, error.message);
  // A mapper's error may repeat parts of the row in its message.
  const found = error instanceof Error ? error.name : typeof error;
  return rejected(
    "malformed-event",
    `Expected the mapper to map the row, found ${found}. Correct the mapper.`,
  );
}
