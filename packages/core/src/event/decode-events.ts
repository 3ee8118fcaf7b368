// SPDX-License-Identifier: MIT
import { dom, IonTypes } from "ion-js";
import { createEvent, type EventFields } from "./create-event";
import type { DecodedEvent, DeliveryContent } from "./delivery";
import { InvalidEventError } from "./invalid-event-error";
import type { EventOp } from "./event";
import {
  checkIonText,
  decodeIonValues,
  isVersionMarker,
  MalformedIonError,
  readPlainText,
  UnknownSymbolError,
  withExactJsonNumbers,
} from "@ledger-loader/ion";
import { withoutByteOrderMark } from "./body-text";
import { checkFieldNames, isEventField } from "./event-fields";
import { foreignBody } from "./foreign-body";
import { foreignRecord } from "./foreign-record";
import { rejected } from "./outcome";
import { textOf } from "./text-of";

/**
 * Decodes what a delivery carries: JSON or Ion, text or binary.
 *
 * One event, several top-level values (independent events) or one list (a source transaction). Numbers in JSON are
 * read exactly, never as doubles.
 *
 * @throws InvalidEventError if the whole is neither Ion nor JSON, or holds nothing.
 */
export function decodeEvents(body: string | Uint8Array): DeliveryContent {
  const values = decodeValues(body);
  const [first] = values;
  if (first === undefined) throw new InvalidEventError("the delivery", "at least one event", "no value");
  if (values.length === 1 && first.getType() === IonTypes.LIST && !first.isNull()) {
    const elements = first.elements();
    if (elements.length === 0) throw new InvalidEventError("the list", "at least one event", "none");
    return { events: parseAll(elements), atomic: elements.length > 1 };
  }
  return { events: parseAll(values), atomic: false };
}

/** A problem of many values alike is kept once: a body can hold a value every two bytes. */
function parseAll(values: readonly dom.Value[]): DecodedEvent[] {
  const refusals = new Map<string, DecodedEvent>();
  return values.map((value) => {
    const decoded = parseEvent(value);
    if (decoded.rejected === undefined) return decoded;
    const { reason, detail } = decoded.rejected;
    const same = refusals.get(`${reason} ${detail}`);
    if (same === undefined) refusals.set(`${reason} ${detail}`, decoded);
    return same ?? decoded;
  });
}

/** Reads an event from its struct; what is wrong with it becomes a `rejected` outcome. */
export function parseEvent(value: dom.Value): DecodedEvent {
  try {
    return { event: createEvent(readFields(value)) };
  } catch (error) {
    if (!(error instanceof InvalidEventError)) throw error;
    return { rejected: rejected(error.reason, error.message) };
  }
}

/**
 * Decodes JSON or Ion, text or binary, to its top-level values. Numbers in JSON are read exactly: one with an exponent
 * becomes a decimal with that exponent. A byte order mark at the start is skipped.
 *
 * For channels whose records are not events yet; {@link decodeEvents} is the way for those that are.
 *
 * @throws InvalidEventError if it is neither.
 */
export function decodeValues(body: string | Uint8Array): readonly dom.Value[] {
  try {
    if (typeof body !== "string" && isVersionMarker(body)) return decodeIonValues(body);
    // Fatal: bytes that are not UTF-8 are an error here, not replacement characters in an immutable ledger.
    const decoded = typeof body === "string" ? body : new TextDecoder("utf-8", { fatal: true }).decode(body);
    // The decoder of bytes leaves the mark out; text may have been decoded by somebody else, who kept it.
    const text = withoutByteOrderMark(decoded);
    const plain = readPlainText(text);
    if (plain !== undefined) return plain;
    checkIonText(text);
    return decodeIonValues(withExactJsonNumbers(text));
  } catch (error) {
    const found = foreignBody(body) ?? whatIsFound(error);
    throw new InvalidEventError("the delivery", "Ion or JSON", found, "malformed-event", error);
  }
}

function whatIsFound(error: unknown): string {
  if (error instanceof MalformedIonError) return error.found;
  if (error instanceof UnknownSymbolError) return "a symbol whose text is not in it";
  // The check of brackets says where; the decoder of UTF-8 does not.
  if (error instanceof RangeError) return error.message;
  return isEncodingError(error) ? "bytes that are not UTF-8" : "what is neither";
}

function isEncodingError(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ERR_ENCODING_INVALID_ENCODED_DATA";
}

function readFields(value: dom.Value): EventFields {
  checkIsEvent(value);
  return {
    // `createEvent` checks that it is one of the known.
    op: readText(value, "op", "required") as EventOp,
    table: readText(value, "table", "required"),
    id: findOptional(value, "id"),
    version: readVersion(value),
    position: readPosition(value),
    data: readData(value),
    dataHash: readBlob(value, "dataHash"),
    unchanged: readNames(value, "unchanged"),
    unchangedOf: findOptional(value, "unchangedOf"),
    group: readText(value, "group", "optional"),
  };
}

/** A record of another form is called by its name, and not by the first field that is unknown. */
function checkIsEvent(value: dom.Value): asserts value is dom.Struct {
  const names = value instanceof dom.Struct ? value.fieldNames() : undefined;
  if (names?.every(isEventField) === true) return;
  const found = foreignRecord(value);
  if (found !== undefined) throw new InvalidEventError("an event", "a struct with op and table", found);
  if (names === undefined) throw new InvalidEventError("an event", "a struct", value.getType().name);
  checkFieldNames(names);
}

function findField(event: dom.Struct, name: string): dom.Value | undefined {
  const values = event.getAll(name) ?? [];
  if (values.length > 1) throw new InvalidEventError(name, "there once", `${values.length} times`);
  return values[0];
}

/** Serializers print null for what is absent, and the Java loader took it for that. */
function findOptional(event: dom.Struct, name: string): dom.Value | undefined {
  const value = findField(event, name);
  const isAbsent = value?.isNull() === true && value.getAnnotations().length === 0;
  return isAbsent ? undefined : value;
}

function readText(event: dom.Struct, name: string, need: "required"): string;
function readText(event: dom.Struct, name: string, need: "optional"): string | undefined;
function readText(event: dom.Struct, name: string, need: "required" | "optional"): string | undefined {
  const value = need === "optional" ? findOptional(event, name) : findField(event, name);
  if (value === undefined && need === "optional") return undefined;
  const text = textOf(value);
  if (text === undefined) {
    throw new InvalidEventError(name, "a string", value === undefined ? "none" : kindOf(value));
  }
  return text;
}

function readVersion(event: dom.Struct): number | undefined {
  const value = findOptional(event, "version");
  if (value === undefined) return undefined;
  if (value.getType() !== IonTypes.INT || value.isNull()) {
    throw new InvalidEventError("version", "an int from 0 to 2^53 - 1", kindOf(value));
  }
  const version = Number(value.bigIntValue());
  if (version <= Number.MAX_SAFE_INTEGER) return version;
  throw new InvalidEventError("version", "an int from 0 to 2^53 - 1", "a larger one");
}

function readPosition(event: dom.Struct): readonly bigint[] | undefined {
  const value = findOptional(event, "position");
  if (value === undefined) return undefined;
  if (value.getType() !== IonTypes.LIST || value.isNull()) {
    throw new InvalidEventError("position", "a list of one or more ints", kindOf(value));
  }
  return value.elements().map((part) => {
    const int = part.getType() === IonTypes.INT && !part.isNull() ? part.bigIntValue() : null;
    if (int === null) throw new InvalidEventError("position", "a list of one or more ints", kindOf(part));
    return int;
  });
}

function readNames(event: dom.Struct, name: string): readonly string[] | undefined {
  const value = findOptional(event, name);
  if (value === undefined) return undefined;
  if (value.getType() !== IonTypes.LIST || value.isNull()) {
    throw new InvalidEventError(name, "a list of names", kindOf(value));
  }
  return value.elements().map((each) => {
    const text = textOf(each);
    if (text === undefined) throw new InvalidEventError(name, "a list of names", kindOf(each));
    return text;
  });
}

/**
 * A null is no document: it stands for an absent one only where there may be none. With `ANY`, absent content is a
 * deletion, and that must not come of a null by mistake.
 */
function readData(event: dom.Struct): dom.Struct | undefined {
  const isDeletion = event.get("op")?.stringValue() === "DELETE";
  const mayBeAbsent = isDeletion || findOptional(event, "dataHash") !== undefined;
  const value = mayBeAbsent ? findOptional(event, "data") : findField(event, "data");
  if (value === undefined || value instanceof dom.Struct) return value;
  throw new InvalidEventError("data", "a struct", kindOf(value));
}

function readBlob(event: dom.Struct, name: string): Uint8Array | undefined {
  const value = findOptional(event, name);
  if (value === undefined) return undefined;
  const type = value.getType();
  if (type === IonTypes.STRING && !value.isNull()) return readBase64(name, value.stringValue() ?? "");
  const bytes = type === IonTypes.BLOB ? value.uInt8ArrayValue() : null;
  if (bytes === null) throw new InvalidEventError(name, "a blob", kindOf(value));
  return bytes;
}

/** JSON has no blobs; QLDB's own JSON writes them in base64. */
function readBase64(name: string, text: string): Uint8Array {
  const bytes = Buffer.from(text, "base64");
  if (bytes.toString("base64") !== text)
    throw new InvalidEventError(name, "a blob, or base64 in JSON", "other text");
  return bytes;
}

function kindOf(value: dom.Value): string {
  return value.isNull() ? `null.${value.getType().name}` : value.getType().name;
}
