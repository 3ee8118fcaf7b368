// SPDX-License-Identifier: MIT
import { InvalidEventError, type Position } from "@ledger-loader/core";
import { parseLogPosition } from "@ledger-loader/dms";
import { dom, IonTypes } from "ion-js";
import { kindOf } from "../value/record-path";

/** Rows of a snapshot come before everything that the log tells. */
const SNAPSHOT = 0n;
const LOG = 1n;

/** Where the log of a source stood, by the connector that says so. */
const BY_CONNECTOR: Readonly<Record<string, (source: dom.Struct) => readonly bigint[]>> = {
  postgresql: (source) => [readInt(source, "lsn")],
  mysql: readBinlog,
  mariadb: readBinlog,
  sqlserver: (source) => [
    ...readLsn(source, "commit_lsn"),
    ...readLsn(source, "change_lsn"),
    findInt(source, "event_serial_no") ?? 0n,
  ],
  oracle: (source) => [
    readScn(source, "commit_scn"),
    readScn(source, "scn"),
    ...redoPlace(source),
    findInt(source, "ssn") ?? 0n,
  ],
  // The second of the oplog's entry, in milliseconds, and the ordinal within that second.
  mongodb: (source) => [readInt(source, "ts_ms"), readInt(source, "ord")],
  db2: (source) => [...readDb2Lsn(source, "commit_lsn"), ...readDb2Lsn(source, "change_lsn")],
};

/** Every connector whose positions are understood. */
export const CONNECTORS: readonly string[] = Object.keys(BY_CONNECTOR);

/**
 * The position of a Debezium event: the epoch, a snapshot before the log, and where the source's log stood at the change.
 *
 * It comes from the source alone, so an event that Debezium wrote twice has one position.
 *
 * @throws InvalidEventError if the source tells no position, or the connector is not known: guessing an order could put an old
 *   row over a new one.
 */
export function sourcePosition(source: dom.Struct, op: string, epoch: bigint): Position {
  if (op === "r") return [epoch, SNAPSHOT];
  const connector = textOf(source, "connector") ?? "";
  const read = Object.hasOwn(BY_CONNECTOR, connector) ? BY_CONNECTOR[connector] : undefined;
  if (read !== undefined) return [epoch, LOG, ...read(source)];
  const hint = "another (write a mapping file with a position of its own)";
  throw new InvalidEventError("source.connector", `one of ${CONNECTORS.join(", ")}`, hint, "order-unknown");
}

/** The number of the binlog's file, the place in it, and the row of the event. */
function readBinlog(source: dom.Struct): readonly bigint[] {
  const file = textOf(source, "file") ?? "";
  const [, number] = /\.(\d+)$/.exec(file) ?? [];
  if (number === undefined) throw missing("file", "a binlog's name, which ends in its number", source);
  return [BigInt(number), readInt(source, "pos"), findInt(source, "row") ?? 0n];
}

function readLsn(source: dom.Struct, name: string): readonly bigint[] {
  const text = textOf(source, name);
  if (text === undefined) throw missing(name, "an LSN such as 00000025:00000170:0003", source);
  return parseLogPosition("sqlserver", text).slice(0, 3);
}

/** Both halves of a log sequence number of Db2, as Debezium prints them: `00000000:0000150f:000000000000a34c`. */
function readDb2Lsn(source: dom.Struct, name: string): readonly bigint[] {
  const parts = (textOf(source, name) ?? "").split(":");
  if (parts.length > 1 && parts.every((part) => /^[0-9a-f]{1,16}$/i.test(part)))
    return parts.map((part) => BigInt(`0x${part}`));
  throw missing(name, "an LSN in hexadecimal digits with colons between", source);
}

function readScn(source: dom.Struct, name: string): bigint {
  const scn = findInt(source, name) ?? textOf(source, name);
  if (typeof scn === "bigint") return scn;
  if (scn !== undefined && /^\d{1,38}$/.test(scn)) return BigInt(scn);
  throw missing(name, "an SCN in digits", source);
}

/** Where the change stands in the redo log; zeros where Debezium does not tell. */
function redoPlace(source: dom.Struct): readonly bigint[] {
  const text = (textOf(source, "rs_id") ?? "").trim();
  if (text === "") return [0n, 0n, 0n];
  const [, file, block, offset] = /^0x([0-9a-f]+)\.([0-9a-f]+)\.([0-9a-f]+)$/i.exec(text) ?? [];
  if (file === undefined) throw missing("rs_id", "a place such as 0x00000a.00006bc8.0180", source);
  return [file, block ?? "", offset ?? ""].map((part) => BigInt(`0x${part}`));
}

function readInt(source: dom.Struct, name: string): bigint {
  const int = findInt(source, name);
  if (int !== undefined) return int;
  throw missing(name, "an int", source);
}

function findInt(source: dom.Struct, name: string): bigint | undefined {
  const value = source.get(name);
  return value?.getType() === IonTypes.INT ? (value.bigIntValue() ?? undefined) : undefined;
}

function textOf(source: dom.Struct, name: string): string | undefined {
  const value = source.get(name);
  return value?.getType() === IonTypes.STRING ? (value.stringValue() ?? undefined) : undefined;
}

function missing(name: string, expected: string, source: dom.Struct): InvalidEventError {
  return new InvalidEventError(
    `source.${name}`,
    expected,
    kindOf(source.get(name) ?? undefined),
    "order-unknown",
  );
}
