// SPDX-License-Identifier: MIT
import { dom, IonTypes, type Decimal } from "ion-js";

/**
 * The identity of a record in its canonical form: a string, an int, a blob or a timestamp.
 *
 * Two ids are the same exactly when their `key` is.
 */
export interface RecordId {
  /** The canonical Ion value, without annotations: what the id field of a document holds. */
  readonly value: dom.Value;
  /** The canonical value as text, different for different values and types. */
  readonly key: string;
}

/** The most digits an integral decimal may have: a bound on what `1d999999999` can make us allocate. */
const DIGITS_MAX = 1000;

/**
 * The canonical form of an id, or `undefined` where the value cannot be one.
 *
 * A symbol becomes a string and a decimal with an integral value becomes an int. Nulls, annotated values and
 * every other type cannot be ids.
 */
export function toRecordId(value: dom.Value): RecordId | undefined {
  if (value.isNull() || value.getAnnotations().length > 0) return undefined;
  switch (value.getType()) {
    case IonTypes.STRING:
    case IonTypes.SYMBOL:
      return stringId(value.stringValue());
    case IonTypes.INT:
      return intId(value.bigIntValue());
    case IonTypes.DECIMAL:
      return intId(integralValue(value.decimalValue()));
    case IonTypes.BLOB:
      return blobId(value.uInt8ArrayValue());
    case IonTypes.TIMESTAMP:
      return { value, key: `timestamp:${String(value.timestampValue())}` };
    default:
      return undefined;
  }
}

function stringId(text: string | null): RecordId | undefined {
  return text === null ? undefined : { value: dom.Value.from(text), key: `string:${text}` };
}

function intId(int: bigint | null | undefined): RecordId | undefined {
  return int === null || int === undefined
    ? undefined
    : { value: dom.Value.from(int), key: `int:${int.toString()}` };
}

function blobId(bytes: Uint8Array | null): RecordId | undefined {
  return bytes === null
    ? undefined
    : { value: new dom.Blob(bytes), key: `blob:${Buffer.from(bytes).toString("base64")}` };
}

function integralValue(decimal: Decimal | null): bigint | undefined {
  if (decimal === null) return undefined;
  const digits = decimal.getCoefficient();
  const exponent = decimal.getExponent();
  if (digits === 0n) return 0n;
  if (Math.abs(exponent) > DIGITS_MAX) return undefined;
  if (exponent >= 0) return digits * 10n ** BigInt(exponent);
  const divisor = 10n ** BigInt(-exponent);
  return digits % divisor === 0n ? digits / divisor : undefined;
}
