// SPDX-License-Identifier: MIT
import type { Position } from "@ledger-loader/core";
import type { DmsDataRecord } from "./dms-record";
import { parseLogPosition, type SourceEngine } from "./log-position";

/** How positions of a source are made. */
export interface SourceOrder {
  readonly engine: SourceEngine;
  /** Raised by one when the source's log starts anew or a table is loaded again: it outweighs all positions before. */
  readonly epoch: number;
}

const FULL_LOAD = 0n;
const CDC = 1n;

/**
 * The event position of a record: the epoch; full load before CDC; the log position; the place in the transaction.
 *
 * It comes from the source alone, so a record that was put into the stream twice has one position. `undefined` for a
 * change whose log position DMS did not include.
 *
 * @throws InvalidEventError if the log position has another form than the engine's.
 */
export function positionOf(record: DmsDataRecord, order: SourceOrder): Position | undefined {
  const epoch = BigInt(order.epoch);
  if (record.operation === "load") return [epoch, FULL_LOAD];
  if (record.streamPosition === undefined) return undefined;
  const log = parseLogPosition(order.engine, record.streamPosition);
  return [epoch, CDC, ...log, record.transaction?.recordId ?? 0n];
}
