// SPDX-License-Identifier: MIT
import { dom, IonTypes } from "ion-js";
import { decodeValues } from "../event/decode-events";

/**
 * Reads the one value of a file that people write, JSON or Ion text, as plain JavaScript: with comments and a byte order mark,
 * as the Java loader reads its files. Symbols become strings; a value without a counterpart in JSON stays an Ion value.
 *
 * @throws InvalidEventError if the text is neither; its message does not repeat the text.
 * @returns `undefined` if the file holds no value, or several.
 */
export function parseSettingsText(text: string): unknown {
  const values = decodeValues(text);
  return values.length === 1 ? toPlain(values[0]) : undefined;
}

function toPlain(value: dom.Value | undefined): unknown {
  if (value === undefined || value.isNull()) return null;
  if (value instanceof dom.Struct)
    return Object.fromEntries(value.fields().map(([name, each]) => [name, toPlain(each)]));
  switch (value.getType()) {
    case IonTypes.LIST:
      return value.elements().map(toPlain);
    case IonTypes.STRING:
    case IonTypes.SYMBOL:
      return value.stringValue();
    case IonTypes.BOOL:
      return value.booleanValue();
    case IonTypes.INT:
      return value.numberValue();
    default:
      return value;
  }
}
