// SPDX-License-Identifier: MIT
import { malformed } from "../ion-errors";
import { IonScanner } from "../binary/ion-scanner";
import type { IonSlice } from "../binary/ion-slice";
import { IonWriter } from "../binary/ion-writer";
import { readMagnitude } from "../binary/magnitude-bytes";
import { TextCursor } from "./text-cursor";
import { shiftMinutes, writeTextNumber } from "./text-number";
import { readInstant } from "../binary/timestamp-parts";

const FORM = /^\d{4}(?:T|-\d\d(?:T|-\d\d(?:T.*)?))$/;

/** One scanner serves all timestamps: what it has read is used before anything else is read. */
const scanner = new IonScanner(new Uint8Array(0));

const TWO_DIGITS: readonly string[] = Array.from({ length: 100 }, (_, n) => n.toString().padStart(2, "0"));

/** A timestamp as Ion text, with its own precision and offset: `2019-09-16T19:37:05.360Z`. */
export function formatTimestamp(value: IonSlice): string {
  const { body, end, bytes } = value;
  const { offset, fields, fractionDigits, coefficientAt } = readInstant(scanner.on(bytes), body, end);
  const isShifted = fields.length >= 5 && offset !== undefined && offset !== 0;
  const [year = 0, month, day, hour, minute] = isShifted ? shiftMinutes(fields.slice(0, 5), offset) : fields;
  if (year < 1 || year > 9999) throw malformed("a year from 1 to 9999 at the local offset", body);
  if (month === undefined) return `${pad(year, 4)}T`;
  if (day === undefined) return `${pad(year, 4)}-${pad(month)}T`;
  const date = `${pad(year, 4)}-${pad(month)}-${pad(day)}`;
  if (hour === undefined) return `${date}T`;
  let time = `${pad(hour)}:${pad(minute ?? 0)}`;
  if (fields[5] !== undefined) time += `:${pad(fields[5])}`;
  if (fractionDigits > 0) {
    const coefficient = readMagnitude(bytes, coefficientAt, end);
    // The sign bit of a fraction can only be that of a minus zero.
    const digits = (bytes[coefficientAt] ?? 0) >= 0x80 ? "" : coefficient.toString();
    time += `.${digits.padStart(fractionDigits, "0")}`;
  }
  return `${date}T${time}${formatOffset(offset)}`;
}

/** Timestamps as they were encoded last: a block has the same time in each of its revisions. */
const encoded = new Map<string, Uint8Array>();
const ENCODED_MAX = 16;

/** Writes the timestamp that Ion text spells out; throws {@link MalformedIonError} if it does not. */
export function writeTimestamp(writer: IonWriter, text: string): void {
  const bytes = encoded.get(text) ?? encode(text);
  writer.verbatim(bytes, 0, bytes.length);
}

function encode(text: string): Uint8Array {
  const cursor = new TextCursor(text);
  if (!FORM.test(text)) cursor.fail("a timestamp");
  const writer = new IonWriter();
  writeTextNumber(cursor, writer);
  if (cursor.at < text.length) cursor.fail("the end of the timestamp");
  if (encoded.size === ENCODED_MAX) encoded.clear();
  const bytes = new Uint8Array(writer.written());
  encoded.set(text, bytes);
  return bytes;
}

function formatOffset(offset: number | undefined): string {
  if (offset === undefined) return "-00:00";
  if (offset === 0) return "Z";
  const minutes = Math.abs(offset);
  return `${offset < 0 ? "-" : "+"}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}

function pad(value: number, digits = 2): string {
  return digits === 2 ? (TWO_DIGITS[value] ?? "") : value.toString().padStart(digits, "0");
}
