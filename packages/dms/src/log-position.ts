// SPDX-License-Identifier: MIT
import { quoted } from "@ledger-loader/errors";
import { InvalidEventError } from "@ledger-loader/core";

/** An engine whose log positions are understood. MariaDB and Aurora MySQL count as `mysql`, Aurora PostgreSQL as `postgresql`. */
export type SourceEngine = "postgresql" | "mysql" | "oracle" | "sqlserver";

/** Every engine, in the order of the reference. */
export const SOURCE_ENGINES: readonly SourceEngine[] = ["postgresql", "mysql", "oracle", "sqlserver"];

interface PositionForm {
  /** An example of a position, for messages. */
  readonly example: string;
  /** The parts, as many for each position of the engine; `undefined` for other text. */
  readonly parse: (text: string) => readonly bigint[] | undefined;
}

const FORMS: Readonly<Record<SourceEngine, PositionForm>> = {
  postgresql: { example: "00000002/7C007178.3.00000002/7C007178 or 0/16B3748", parse: parsePostgresql },
  mysql: { example: "mysql-bin-changelog.000036:597:…", parse: parseMysql },
  oracle: { example: "an SCN such as 28004456, or 00000000.01ab5068.….0000:88.67945.16", parse: parseOracle },
  sqlserver: { example: "00000025:00000170:0003", parse: parseSqlserver },
};

/**
 * Reads the `stream-position` of a DMS record: where the source's own log stood at the change.
 *
 * Positions of one engine have the same number of parts, so comparing part by part is a total order, and it is the
 * order in which the source changed a row: a row that one transaction has changed is locked until it commits, so even
 * positions that count changes and not commits never go back for one row.
 *
 * @throws InvalidEventError if the text has another form: guessing an order could put an old row over a new one.
 */
export function parseLogPosition(engine: SourceEngine, text: string): readonly bigint[] {
  const form = FORMS[engine];
  const parts = form.parse(text);
  if (parts !== undefined) return parts;
  const found = quoted(text);
  throw new InvalidEventError("stream-position", `a log position of ${engine}, like ${form.example}`, found);
}

// Two LSNs and a counter between them, as DMS prints them, or an LSN as PostgreSQL itself does.
const POSTGRESQL = /^([0-9A-F]{1,8})\/([0-9A-F]{1,8})(?:\.(\d+)\.([0-9A-F]{1,8})\/([0-9A-F]{1,8}))?$/i;

function parsePostgresql(text: string): readonly bigint[] | undefined {
  const [, high, low, counter = "0", high2 = "0", low2 = "0"] = POSTGRESQL.exec(text) ?? [];
  if (high === undefined || low === undefined) return undefined;
  return [join32(hex(high), hex(low)), BigInt(counter), join32(hex(high2), hex(low2))];
}

// The log file's number, the offset in it and, if there is one, the row within the event (-1: none). What follows
// (end of the event, transaction, where the transaction began) is the same for equal positions and adds no order.
const MYSQL = /^[^:]+\.(\d+):(\d+)(?::(-1|\d+))?(?::(?:\d+|[^:]+\.\d+))*$/;

function parseMysql(text: string): readonly bigint[] | undefined {
  const [, file, offset, row = "-1"] = MYSQL.exec(text) ?? [];
  if (file === undefined || offset === undefined) return undefined;
  return [BigInt(file), BigInt(offset), BigInt(row) + 1n];
}

// An SCN in decimal, or the halves of the SCN and four counters in hexadecimal, then the place in the redo log.
const ORACLE_SCN = /^\d{1,20}$/;
const ORACLE_FULL =
  /^([0-9a-f]{8})\.([0-9a-f]{8})\.([0-9a-f]+)\.([0-9a-f]+)\.([0-9a-f]+)\.([0-9a-f]+):(\d+)\.(\d+)\.(\d+)$/i;

function parseOracle(text: string): readonly bigint[] | undefined {
  if (ORACLE_SCN.test(text)) return [BigInt(text), 0n, 0n, 0n, 0n, 0n, 0n, 0n];
  const [, high, low, ...rest] = ORACLE_FULL.exec(text) ?? [];
  if (high === undefined || low === undefined) return undefined;
  return [join32(hex(high), hex(low)), ...rest.slice(0, 4).map(hex), ...rest.slice(4).map(BigInt)];
}

// Virtual log file, block and slot, with colons as fn_dblog prints them or as 20 digits, and counters behind.
const SQLSERVER = /^(?:0x)?([0-9a-f]{8}):?([0-9a-f]{8}):?([0-9a-f]{4})(?:[:.](\d+))?(?:[:.](\d+))?$/i;

function parseSqlserver(text: string): readonly bigint[] | undefined {
  const [, file, block, slot, counter = "0", counter2 = "0"] = SQLSERVER.exec(text) ?? [];
  if (file === undefined || block === undefined || slot === undefined) return undefined;
  return [hex(file), hex(block), hex(slot), BigInt(counter), BigInt(counter2)];
}

function hex(digits: string): bigint {
  return BigInt(`0x${digits}`);
}

function join32(high: bigint, low: bigint): bigint {
  return (high << 32n) | low;
}
