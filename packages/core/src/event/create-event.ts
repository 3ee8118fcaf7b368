// SPDX-License-Identifier: MIT
import { dom } from "ion-js";
import { quoted } from "@ledger-loader/errors";
import { InvalidEventError } from "./invalid-event-error";
import { EVENT_OPS, type EventOp, type Position, type RevisionEvent } from "./event";
import { checkFieldNames } from "./event-fields";
import { isIdentifier, type TableName } from "./identifier";
import { toRecordId, type RecordId } from "./record-id";

/** The parts of an event as a program has them: plain JavaScript or Ion values. */
export interface EventFields {
  readonly op: EventOp;
  readonly table: string;
  readonly id?: string | number | bigint | Uint8Array | dom.Value | undefined;
  readonly version?: number | undefined;
  readonly position?: readonly (number | bigint)[] | undefined;
  /** A struct; a plain object becomes one the way ion-js converts it. */
  readonly data?: dom.Struct | Readonly<Record<string, unknown>> | undefined;
  readonly dataHash?: Uint8Array | undefined;
  readonly unchanged?: readonly string[] | undefined;
  readonly unchangedOf?: EventFields["id"];
  readonly group?: string | undefined;
  /** See {@link RevisionEvent.numbersByValue}. */
  readonly numbersByValue?: true | undefined;
}

/** The length of a `dataHash`: SHA-256. */
const HASH_BYTES = 32;

/**
 * Makes a checked and frozen event.
 *
 * `data` is not copied where it is a `dom.Struct`, and MUST NOT be changed afterwards. The loader freezes it before any hook
 * or transform sees it.
 *
 * @throws InvalidEventError naming the field that is wrong.
 */
export function createEvent(fields: EventFields): RevisionEvent {
  checkFieldNames(Object.keys(fields).filter((name) => name !== "numbersByValue"));
  const op = checkOp(fields.op);
  const table = checkTable(fields.table);
  const id = fields.id === undefined ? undefined : checkId(fields.id);
  const version = fields.version === undefined ? undefined : checkVersion(fields.version);
  const position = fields.position === undefined ? undefined : checkPosition(fields.position);
  const data = fields.data === undefined || op === "DELETE" ? undefined : checkData(fields.data);
  const dataHash = fields.dataHash === undefined ? undefined : checkDataHash(fields.dataHash);
  const event: RevisionEvent = {
    op,
    table,
    id,
    version,
    position,
    data,
    dataHash,
    ...toUnchanged(fields),
    group: fields.group,
    numbersByValue: fields.numbersByValue,
  };
  checkCombination(event);
  return Object.freeze(event);
}

function checkOp(op: string): EventOp {
  const known = EVENT_OPS.find((candidate) => candidate === op);
  if (known === undefined) throw new InvalidEventError("op", `one of ${EVENT_OPS.join(", ")}`, quoted(op));
  return known;
}

function checkTable(table: string): TableName {
  if (isIdentifier(table)) return table;
  throw new InvalidEventError(
    "table",
    `1 to 128 letters, digits and underscores, not beginning with a digit or "_ql_"`,
    quoted(table),
    "invalid-table",
  );
}

function checkId(id: NonNullable<EventFields["id"]>): RecordId {
  const value: dom.Value = dom.Value.from(id);
  const recordId = toRecordId(value);
  if (recordId === undefined) {
    throw new InvalidEventError(
      "id",
      "a string, symbol, int, blob, timestamp or integral decimal, neither null nor annotated",
      describe(value),
    );
  }
  return recordId;
}

function checkVersion(version: number): number {
  if (Number.isSafeInteger(version) && version >= 0) return version;
  throw new InvalidEventError("version", "an int from 0 to 2^53 - 1", String(version));
}

function checkPosition(position: readonly (number | bigint)[]): Position {
  const valid = position.every((part) => typeof part === "bigint" || Number.isSafeInteger(part));
  if (!valid || position.length === 0) {
    throw new InvalidEventError(
      "position",
      "a list of one or more ints",
      `a list of ${position.length} values`,
    );
  }
  return Object.freeze(position.map((part) => BigInt(part)));
}

function checkData(data: NonNullable<EventFields["data"]>): dom.Struct {
  const value: dom.Value = dom.Value.from(data);
  if (!(value instanceof dom.Struct)) throw new InvalidEventError("data", "a struct", describe(value));
  return value;
}

function checkDataHash(hash: Uint8Array): Uint8Array {
  if (hash.length === HASH_BYTES) return hash;
  throw new InvalidEventError("dataHash", `a blob of ${HASH_BYTES} bytes`, `${hash.length} bytes`);
}

function toUnchanged({
  unchanged,
  unchangedOf,
}: EventFields): Pick<RevisionEvent, "unchanged" | "unchangedOf"> {
  if (unchanged?.includes("") === true)
    throw new InvalidEventError("unchanged", "names of fields", "an empty name");
  return {
    unchanged: unchanged === undefined || unchanged.length === 0 ? undefined : Object.freeze([...unchanged]),
    unchangedOf: unchangedOf === undefined ? undefined : checkId(unchangedOf),
  };
}

function checkCombination(event: RevisionEvent): void {
  const hasContent = event.data !== undefined || event.dataHash !== undefined;
  if (event.data !== undefined && event.dataHash !== undefined) {
    throw new InvalidEventError("dataHash", "either data or dataHash", "both");
  }
  if (event.op === "DELETE" && event.dataHash !== undefined) {
    throw new InvalidEventError("dataHash", "no content in a DELETE", "a dataHash");
  }
  if ((event.op === "INSERT" || event.op === "UPDATE") && !hasContent) {
    throw new InvalidEventError("data", `a struct for ${event.op}`, "none");
  }
  if (event.version !== undefined && event.position !== undefined) {
    throw new InvalidEventError("position", "either version or position", "both");
  }
  if (event.unchanged !== undefined && (event.data === undefined || event.id === undefined)) {
    throw new InvalidEventError("unchanged", "there only beside id and data", "one of them missing");
  }
  if (event.unchangedOf !== undefined && event.unchanged === undefined) {
    throw new InvalidEventError("unchangedOf", "there only beside unchanged", "no unchanged");
  }
  if (event.id === undefined) checkWithoutId(event, hasContent);
}

function checkWithoutId(event: RevisionEvent, hasContent: boolean): void {
  if (event.version !== undefined || event.position !== undefined) {
    throw new InvalidEventError("id", "an id beside version or position", "none");
  }
  if (event.op === "UPDATE" || event.op === "DELETE" || !hasContent) {
    throw new InvalidEventError("id", `an id: without one nothing can be found for ${event.op}`, "none");
  }
}

/** The kind of a value, never the value. */
function describe(value: dom.Value): string {
  const annotated = value.getAnnotations().length > 0 ? "an annotated " : "";
  const nullness = value.isNull() ? "null." : "";
  return `${annotated}${nullness}${value.getType().name}`;
}
