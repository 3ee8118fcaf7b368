// SPDX-License-Identifier: MIT
import { type DeliveryContent, type Logger, silentLogger } from "@ledger-loader/core";
import { DEFAULT_CONTROL_POLICY, type ControlPolicy } from "./control-policy";
import { readDmsRecords, type DmsRecord } from "./dms-record";
import type { AbsentColumns, LoadEventMapper } from "./load-event-mapper";
import type { SourceEngine } from "./log-position";
import { toEvents, type DmsContext } from "./to-events";

/** How DMS records become events. */
export interface DmsOptions {
  readonly mapper: LoadEventMapper;
  /** The source's engine, which decides how log positions are read. */
  readonly engine: SourceEngine;
  /**
   * Raise it by one when a table is loaded again or the source's log starts anew (a restored backup, a failover to a
   * server with a log of its own): what comes then outweighs everything before. @defaultValue `0`
   */
  readonly epoch?: number;
  /** The task's `BeforeImageSettings.FieldName`. @defaultValue `"before-image"` */
  readonly beforeImageField?: string;
  /** The meaning of an absent column. @defaultValue what the mapper says, else `"reject"` */
  readonly absentColumns?: AbsentColumns;
  /** Added to {@link DEFAULT_CONTROL_POLICY}. */
  readonly controlPolicy?: ControlPolicy;
  /**
   * The treatment of changes without a log position: `accept` applies them in the order in which they come, and a change
   * that is delivered again can put an old row over a new one. @defaultValue `"reject"`
   */
  readonly withoutPosition?: "reject" | "accept";
  /** @defaultValue a logger that keeps silent */
  readonly logger?: Logger;
}

/** The field name that the DMS user guide uses, and the Java loader's default. */
export const BEFORE_IMAGE_FIELD = "before-image";

/**
 * Decodes a delivery of one DMS record, or of several that are one source transaction: what a dead letter of the
 * channel holds.
 *
 * @throws InvalidEventError if it is not what DMS writes.
 */
export function decodeDmsRecords(body: string | Uint8Array, options: DmsOptions): DeliveryContent {
  const context = toContext(options);
  return toContent(readDmsRecords(body, context.beforeImageField), context);
}

/** The options with their defaults. */
export function toContext(options: DmsOptions): DmsContext {
  return {
    mapper: options.mapper,
    order: { engine: options.engine, epoch: options.epoch ?? 0 },
    controlPolicy: { ...DEFAULT_CONTROL_POLICY, ...options.controlPolicy },
    withoutPosition: options.withoutPosition ?? "reject",
    absentColumns: options.absentColumns ?? options.mapper.absentColumns ?? "reject",
    beforeImageField: options.beforeImageField ?? BEFORE_IMAGE_FIELD,
    logger: options.logger ?? silentLogger,
  };
}

/** The events of records that belong together: all or nothing where there are several. */
export function toContent(records: readonly DmsRecord[], context: DmsContext): DeliveryContent {
  const events = records.flatMap((record) => toEvents(record, context));
  return { events, atomic: events.length > 1 };
}
