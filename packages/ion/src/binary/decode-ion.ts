// SPDX-License-Identifier: MIT
import { Decimal, dom, IonTypes, Timestamp } from "ion-js";
import type { IonType } from "ion-js";
import { malformed, requireDepth } from "../ion-errors";
import { IonScanner } from "./ion-scanner";
import { IonSlice } from "./ion-slice";
import { readSingleValue } from "./ion-stream";
import { readMagnitude } from "./magnitude-bytes";
import type { SymbolTable } from "./symbol-table";
import type { Steps } from "../steps";
import { readInstant } from "./timestamp-parts";
import { transcodeToBinary } from "../text/transcode-to-binary";
import { isVersionMarker, NULL_NIBBLE, TypeCode, typeName } from "./type-code";
import { decodeUtf8 } from "./utf8";
import { readLocalFields, readSymbolText, requireNumberLength } from "./value-rules";

/**
 * Builds the value that Ion binary or text holds: exactly one.
 *
 * @throws MalformedIonError if it is not Ion; UnknownSymbolError if it uses `$0`, which ion-js cannot represent.
 */
export function decodeIon(value: Uint8Array | IonSlice): dom.Value {
  if (value instanceof IonSlice)
    return new DomBuilder(value.bytes, value.symbols).value(value.start, value.end, 0);
  const binary = isVersionMarker(value) ? value : transcodeToBinary(value);
  return decodeIon(readSingleValue(binary));
}

/**
 * As {@link decodeIon} of binary, but yields after about so many bytes: many small values take their time.
 *
 * @throws MalformedIonError, UnknownSymbolError
 */
export function* decodeInSteps(
  { bytes, symbols, start, end }: IonSlice,
  bytesPerStep: number,
): Steps<dom.Value> {
  return yield* new DomBuilder(bytes, symbols).inSteps(start, end, 0, bytesPerStep);
}

const NULL_TYPES: ReadonlyMap<string, IonType> = new Map(
  Object.values(IonTypes).map((type) => [type.name, type]),
);

type Fields = Map<string, dom.Value[]>;

function addField(fields: Fields, name: string, value: dom.Value): void {
  const same = fields.get(name);
  if (same === undefined) fields.set(name, [value]);
  else same.push(value);
}

/** Walks one value's bytes. */
class DomBuilder {
  readonly #bytes: Uint8Array;
  readonly #symbols: SymbolTable;
  readonly #scanner: IonScanner;

  constructor(bytes: Uint8Array, symbols: SymbolTable) {
    this.#bytes = bytes;
    this.#symbols = symbols;
    this.#scanner = new IonScanner(bytes);
  }

  /** Builds the value at `at`; leaves its end in the scanner's `end`. */
  value(at: number, limit: number, depth: number): dom.Value {
    return this.#bare(this.#annotations(at, limit), depth);
  }

  /** Builds the value at `at`, and yields between parts of so many bytes of a longer container. */
  *inSteps(at: number, limit: number, depth: number, bytes: number): Steps<dom.Value> {
    const annotations = this.#annotations(at, limit);
    const { code, low, body, end } = this.#scanner;
    if (low === NULL_NIBBLE || end - body <= bytes) return this.#bare(annotations, depth);
    if (code === TypeCode.STRUCT) {
      const fields = yield* this.#fieldsInSteps(body, end, depth, bytes);
      return new dom.Struct(fields, annotations);
    }
    if (code !== TypeCode.LIST && code !== TypeCode.SEXP) return this.#bare(annotations, depth);
    const elements = yield* this.#elementsInSteps(body, end, depth, bytes);
    return code === TypeCode.LIST
      ? new dom.List(elements, annotations)
      : new dom.SExpression(elements, annotations);
  }

  /** Reads the header of the value at `at` without its annotations, and returns those. */
  #annotations(at: number, limit: number): string[] {
    const scanner = this.#scanner;
    const annotations: string[] = [];
    scanner.header(at, limit);
    if (scanner.code !== TypeCode.ANNOTATION) return annotations;
    let annotation = scanner.unwrap();
    const value = scanner.at;
    while (annotation < value) {
      annotations.push(this.#text(scanner.varUInt(annotation, value)));
      annotation = scanner.at;
    }
    scanner.header(value, limit);
    return annotations;
  }

  #bare(annotations: string[], depth: number): dom.Value {
    const { code, low, body, end } = this.#scanner;
    if (low === NULL_NIBBLE)
      return new dom.Null(NULL_TYPES.get(typeName(code)) ?? IonTypes.NULL, annotations);
    switch (code) {
      case TypeCode.STRUCT:
        requireDepth(depth, body);
        return new dom.Struct(this.#fields(body, end, depth, new Map()), annotations);
      case TypeCode.LIST:
        requireDepth(depth, body);
        return new dom.List(this.#elements(body, end, depth, []), annotations);
      case TypeCode.SEXP:
        requireDepth(depth, body);
        return new dom.SExpression(this.#elements(body, end, depth, []), annotations);
      case TypeCode.STRING:
        return new dom.String(decodeUtf8(this.#bytes, body, end), annotations);
      case TypeCode.SYMBOL:
        return new dom.Symbol(this.#text(this.#scanner.uInt(body, end)), annotations);
      case TypeCode.CLOB:
        return new dom.Clob(this.#bytes.slice(body, end), annotations);
      case TypeCode.BLOB:
        return new dom.Blob(this.#bytes.slice(body, end), annotations);
      case TypeCode.BOOL:
        return new dom.Boolean(low === 1, annotations);
      default:
        return this.#number(code, body, end, annotations);
    }
  }

  #number(code: number, body: number, end: number, annotations: string[]): dom.Value {
    requireNumberLength(body, end);
    switch (code) {
      case TypeCode.FLOAT:
        return new dom.Float(this.#float(body, end), annotations);
      case TypeCode.DECIMAL:
        return new dom.Decimal(this.#decimal(body, end), annotations);
      case TypeCode.TIMESTAMP:
        return new dom.Timestamp(this.#timestamp(body, end), annotations);
      default:
        return new dom.Integer(this.#int(code, body, end), annotations);
    }
  }

  #int(code: number, body: number, end: number): number | bigint {
    const magnitude = readMagnitude(this.#bytes, body, end);
    if (code === TypeCode.NEGATIVE_INT && magnitude === 0n)
      throw malformed("an int that is not minus zero", body);
    const value = code === TypeCode.INT ? magnitude : -magnitude;
    return BigInt.asIntN(54, value) === value && Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }

  #float(body: number, end: number): number {
    if (body === end) return 0;
    const view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset + body, end - body);
    return end - body === 4 ? view.getFloat32(0) : view.getFloat64(0);
  }

  #decimal(body: number, end: number): Decimal {
    if (body === end) return new Decimal(0, 0);
    const exponent = this.#scanner.varInt(body, end);
    const { magnitude, negative } = this.#signedInt(this.#scanner.at, end);
    return new Decimal(magnitude, exponent, negative);
  }

  #signedInt(body: number, end: number): { magnitude: bigint; negative: boolean } {
    if (body === end) return { magnitude: 0n, negative: false };
    const first = this.#bytes[body] ?? 0;
    const rest = readMagnitude(this.#bytes, body + 1, end);
    const magnitude = (BigInt(first & 0x7f) << BigInt(8 * (end - body - 1))) | rest;
    return { magnitude, negative: first >= 0x80 };
  }

  #timestamp(body: number, end: number): Timestamp {
    const instant = readInstant(this.#scanner, body, end);
    const [year = 1, month, day, hour, minute] = readLocalFields(instant, body);
    const { offset, fields, fractionDigits, coefficientAt } = instant;
    const second = fields[5];
    const fraction = this.#signedInt(coefficientAt, end).magnitude;
    const seconds =
      second === undefined
        ? undefined
        : new Decimal(BigInt(second) * 10n ** BigInt(fractionDigits) + fraction, -fractionDigits);
    return new Timestamp(offset ?? -0, year, month, day, hour, minute, seconds);
  }

  /** Adds the fields from `body` to `end`, which MUST be bounds of fields. */
  #fields(body: number, end: number, depth: number, fields: Fields): Fields {
    const scanner = this.#scanner;
    for (let at = body; at < end; at = scanner.end) {
      const sid = scanner.varUInt(at, end);
      const start = scanner.at;
      scanner.header(start, end);
      if (scanner.isPadding()) continue;
      const valueEnd = scanner.end;
      addField(fields, this.#text(sid), this.value(start, end, depth + 1));
      scanner.end = valueEnd;
    }
    return fields;
  }

  *#fieldsInSteps(body: number, end: number, depth: number, bytes: number): Steps<Fields> {
    requireDepth(depth, body);
    const scanner = this.#scanner;
    const fields: Fields = new Map();
    let from = body;
    for (let at = body; at < end;) {
      const sid = scanner.varUInt(at, end);
      const start = scanner.at;
      scanner.header(start, end);
      const next = scanner.end;
      const isLong = next - start > bytes && !scanner.isPadding();
      if (next - from > bytes) {
        this.#fields(from, at, depth, fields);
        yield;
        from = at;
      }
      if (isLong) {
        addField(fields, this.#text(sid), yield* this.inSteps(start, next, depth + 1, bytes));
        from = next;
      }
      at = next;
    }
    return this.#fields(from, end, depth, fields);
  }

  /** Adds the elements from `body` to `end`, which MUST be bounds of elements. */
  #elements(body: number, end: number, depth: number, elements: dom.Value[]): dom.Value[] {
    const scanner = this.#scanner;
    for (let at = body; at < end;) {
      scanner.header(at, end);
      const valueEnd = scanner.end;
      if (!scanner.isPadding()) elements.push(this.value(at, end, depth + 1));
      at = valueEnd;
    }
    return elements;
  }

  *#elementsInSteps(body: number, end: number, depth: number, bytes: number): Steps<dom.Value[]> {
    requireDepth(depth, body);
    const elements: dom.Value[] = [];
    let from = body;
    for (let at = body; at < end;) {
      this.#scanner.header(at, end);
      const next = this.#scanner.end;
      const isLong = next - at > bytes && !this.#scanner.isPadding();
      if (next - from > bytes) {
        this.#elements(from, at, depth, elements);
        yield;
        from = at;
      }
      if (isLong) {
        elements.push(yield* this.inSteps(at, next, depth + 1, bytes));
        from = next;
      }
      at = next;
    }
    return this.#elements(from, end, depth, elements);
  }

  #text(sid: number): string {
    return readSymbolText(this.#symbols, sid);
  }
}
