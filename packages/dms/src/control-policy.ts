// SPDX-License-Identifier: MIT
import { quoted } from "@ledger-loader/errors";
import { type DecodedEvent, type Logger, rejected } from "@ledger-loader/core";
import type { DmsControlRecord } from "./dms-record";

/** The treatment of a control record: it fails its delivery, or it is acknowledged and a line is logged. */
export type ControlAction = "reject" | "acknowledge";

/** The action per operation. Operations that are not named are rejected, known to DMS today or not. */
export type ControlPolicy = Readonly<Record<string, ControlAction>>;

/**
 * The operations of control records that are known, with what each means for the ledger. From the DMS user guide
 * (Kinesis and Kafka targets) and https://github.com/apache/paimon/issues/4432.
 */
export const CONTROL_OPERATIONS: Readonly<Record<string, string>> = {
  "create-table": "a table is there; no row is changed",
  "drop-table": "all rows of a table are gone, without a record for each",
  "rename-table": "rows will come under another table's name",
  "truncate-table": "all rows of a table are gone, without a record for each",
  "add-column": "rows will have a column that the mapping does not know",
  "drop-column": "rows will lack a column",
  "rename-column": "rows will have a column under another name",
  "change-columns": "columns have changed",
  "column-type-change": "a column has another type",
};

/** Acknowledges the one operation that changes no row, which DMS writes for every table at the start of a task. */
export const DEFAULT_CONTROL_POLICY: ControlPolicy = { "create-table": "acknowledge" };

/** DMS's own tables, such as `awsdms_apply_exceptions`, which it announces but never fills in a stream. */
const DMS_TABLES = "awsdms_";

/** Applies the policy; never without a trace. */
export function applyControl(
  { operation, source }: DmsControlRecord,
  policy: ControlPolicy,
  logger: Logger,
): readonly DecodedEvent[] {
  const ownTable = source.table.startsWith(DMS_TABLES);
  const action = ownTable ? "acknowledge" : (policy[operation] ?? "reject");
  if (action === "acknowledge") {
    logger.info({ operation, schema: source.schema, sourceTable: source.table, action }, "control record");
    return [];
  }
  const meaning = CONTROL_OPERATIONS[operation] ?? "its meaning is not known";
  const detail =
    `Expected a change of one row, found the control operation ${quoted(operation)} on ` +
    `${source.schema}.${source.table}: ${meaning}. Bring the ledger's tables and the mapping in line by hand, then ` +
    `discard the record or acknowledge this operation (DMS_CONTROL_RECORDS).`;
  return [{ rejected: rejected("unsupported-operation", detail) }];
}
