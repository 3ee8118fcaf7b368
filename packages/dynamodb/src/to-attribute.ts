// SPDX-License-Identifier: MIT
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { InvalidEventError } from "@ledger-loader/core";
import { IonTypes, type dom } from "ion-js";
import { parseNumber, toPlainText, type ExactNumber } from "./exact-number";

/** DynamoDB's limits of a number: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const DIGITS_MAX = 38;
const MAGNITUDE_MAX = 125;
const MAGNITUDE_MIN = -130;

/**
 * Turns Ion into an attribute: the way back from `toIon`, sets by their annotation included. Symbols and timestamps, which
 * DynamoDB does not have, become strings.
 *
 * @throws InvalidEventError for a number that DynamoDB cannot hold exactly. Never repeats it.
 */
export function toAttribute(value: dom.Value): AttributeValue {
  if (value.isNull()) return { NULL: true };
  switch (value.getType()) {
    case IonTypes.BOOL:
      return { BOOL: value.booleanValue() === true };
    case IonTypes.INT:
    case IonTypes.DECIMAL:
    case IonTypes.FLOAT:
      return { N: toNumberText(value) };
    case IonTypes.STRING:
    case IonTypes.SYMBOL:
      return { S: value.stringValue() ?? "" };
    case IonTypes.TIMESTAMP:
      // Ion ends a date without a time in T, which nobody else reads.
      return { S: String(value.timestampValue()).replace(/T$/, "") };
    case IonTypes.BLOB:
    case IonTypes.CLOB:
      return { B: value.uInt8ArrayValue() ?? new Uint8Array() };
    case IonTypes.STRUCT:
      return {
        M: Object.fromEntries(value.fields().map(([name, field]) => [name, toAttribute(field)])),
      };
    default:
      return toListOrSet(value);
  }
}

function toListOrSet(value: dom.Value): AttributeValue {
  const members = value.elements().map(toAttribute);
  const [annotation] = value.getAnnotations();
  if (members.length > 0) {
    if (annotation === "SS") return { SS: members.flatMap(({ S }) => S ?? refuseMember()) };
    if (annotation === "NS") return { NS: members.flatMap(({ N }) => N ?? refuseMember()) };
    if (annotation === "BS") return { BS: members.flatMap(({ B }) => B ?? refuseMember()) };
  }
  return { L: members };
}

function refuseMember(): never {
  throw new InvalidEventError("a set", "of members of its own type", "another type");
}

function toNumberText(value: dom.Value): string {
  const number = exactNumber(value);
  if (number !== undefined) {
    const { length } = number.coefficient.toString().replace("-", "");
    const magnitude = number.exponent + length - 1;
    const isInRange = number.coefficient === 0n || (magnitude <= MAGNITUDE_MAX && magnitude >= MAGNITUDE_MIN);
    if (length <= DIGITS_MAX && isInRange) return toPlainText(number);
  }
  throw new InvalidEventError(
    "a number",
    "one that DynamoDB can hold: 38 digits, 1E-130 to 9.9E+125",
    "another",
  );
}

function exactNumber(value: dom.Value): ExactNumber | undefined {
  if (value.getType() === IonTypes.INT) return parseNumber(String(value.bigIntValue()));
  if (value.getType() === IonTypes.FLOAT) {
    const float = value.numberValue() ?? Number.NaN;
    return Number.isFinite(float) ? parseNumber(String(float)) : undefined;
  }
  const decimal = value.decimalValue();
  return decimal ? parseNumber(`${decimal.getCoefficient()}E${decimal.getExponent()}`) : undefined;
}
