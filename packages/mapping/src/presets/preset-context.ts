// SPDX-License-Identifier: MIT
import { type DecodedEvent, InvalidEventError, type Logger } from "@ledger-loader/core";
import type { PresetMapping, RecordKind } from "../file/mapping-file";
import { TableRules } from "../row/table-rules";

/** Everything that decides what a record of a known form becomes. */
export interface PresetContext {
  readonly tables: TableRules;
  readonly epoch: bigint;
  readonly ignore: ReadonlySet<RecordKind>;
  readonly logger: Logger;
}

/** A preset as a mapping file says it, or as it is without one. */
export function toPresetContext(file: PresetMapping, logger: Logger): PresetContext {
  return { tables: new TableRules(file.tables), epoch: BigInt(file.epoch), ignore: file.ignore, logger };
}

/** The meaning of a kind of record for the ledger, for messages. */
const MEANINGS: Readonly<Record<RecordKind, string>> = {
  truncate: "all rows of a table are gone, without a record for each",
  message: "a message in the log, which changes no row",
  transaction: "the begin or end of a transaction, which changes no row",
  heartbeat: "a sign of life, which changes no row",
  "schema-change": "a table has other columns, or another name",
};

/** Acknowledges a record that is no change of a row where the mapping says so, never without a line in the log. */
export function ignoreOrRefuse(kind: RecordKind, { ignore, logger }: PresetContext): readonly DecodedEvent[] {
  if (ignore.has(kind)) {
    logger.info({ kind }, "record ignored by the mapping");
    return [];
  }
  throw new InvalidEventError(
    "the record",
    "a change of one row",
    `${kind}: ${MEANINGS[kind]} (to pass such records by, name ${kind} in "ignore" of the mapping file)`,
    "unsupported-operation",
  );
}
