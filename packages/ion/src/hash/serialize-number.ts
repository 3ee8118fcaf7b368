// SPDX-License-Identifier: MIT
import type { IonScanner } from "../binary/ion-scanner";
import { readInstant } from "../binary/timestamp-parts";
import { malformed } from "../ion-errors";
import type { HashBuffer } from "./hash-buffer";

/** Appends the representation of the int whose header the scanner holds. */
export function serializeInt(out: HashBuffer, { bytes, body, end }: IonScanner, isNegative: boolean): void {
  let first = body;
  while (first < end && bytes[first] === 0) first++;
  if (first === end && isNegative) throw malformed("an int that is not minus zero", body);
  out.bytes(bytes, first, end);
}

/** Floats hash as 64 bits, except zero, which has no representation; every NaN is the same value. */
export function serializeFloat(out: HashBuffer, { bytes, body, end }: IonScanner): void {
  if (body === end) return;
  const view = new DataView(bytes.buffer, bytes.byteOffset + body, end - body);
  const value = end - body === 4 ? view.getFloat32(0) : view.getFloat64(0);
  if (Object.is(value, 0)) return;
  const canonical = new DataView(new ArrayBuffer(8));
  canonical.setFloat64(0, Number.isNaN(value) ? NaN : value);
  out.bytes(new Uint8Array(canonical.buffer), 0, 8);
}

/** Appends the representation of the decimal whose header the scanner holds. It MUST have one. */
export function serializeDecimal(out: HashBuffer, scanner: IonScanner): void {
  const { body, end, bytes } = scanner;
  const exponent = scanner.varInt(body, end);
  const coefficient = scanner.at;
  const negative = coefficient < end && (bytes[coefficient] ?? 0) >= 0x80;
  const first = skipSignedZeros(bytes, coefficient, end);
  if (first === end && !negative && exponent === 0) return;
  out.varInt(exponent, false);
  serializeSigned(out, bytes, { from: coefficient, first, end, negative });
}

/** Appends the representation of the timestamp whose header the scanner holds. */
export function serializeTimestamp(out: HashBuffer, scanner: IonScanner): void {
  const { body, end, bytes } = scanner;
  const instant = readInstant(scanner, body, end);
  out.varInt(instant.offset ?? 0, instant.offset === undefined);
  for (const field of instant.fields) out.varUInt(field);
  if (instant.fractionDigits === 0) return;
  out.varInt(-instant.fractionDigits, false);
  const from = instant.coefficientAt;
  serializeSigned(out, bytes, { from, first: skipSignedZeros(bytes, from, end), end, negative: false });
}

/** Where a signed number's magnitude begins, its sign bit and leading zero bytes passed over. */
function skipSignedZeros(bytes: Uint8Array, from: number, end: number): number {
  let first = from;
  while (first < end && ((bytes[first] ?? 0) & (first === from ? 0x7f : 0xff)) === 0) first++;
  return first;
}

interface SignedNumber {
  readonly from: number;
  /** Where the magnitude begins. */
  readonly first: number;
  readonly end: number;
  readonly negative: boolean;
}

/** Writes a magnitude as the shortest signed number; plus zero takes no byte at all. */
function serializeSigned(
  out: HashBuffer,
  bytes: Uint8Array,
  { from, first, end, negative }: SignedNumber,
): void {
  if (first === end) {
    if (negative) out.byte(0x80);
    return;
  }
  const top = (bytes[first] ?? 0) & (first === from ? 0x7f : 0xff);
  if (top >= 0x80) out.byte(negative ? 0x80 : 0);
  out.byte(top < 0x80 && negative ? top | 0x80 : top);
  out.bytes(bytes, first + 1, end);
}
