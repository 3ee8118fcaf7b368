// SPDX-License-Identifier: MIT
import { Decimal, dom, dumpText, IonTypes } from "ion-js";

/** What needs no quotes, keywords and symbol ids (`$10`) excepted. */
const PLAIN_SYMBOL = /^(?!(?:null|true|false|nan)$|\$\d+$)[A-Za-z_$][A-Za-z0-9_$]*$/;

/**
 * An Ion value as Ion text that reads back equal.
 *
 * ion-js's own text writer leaves the quotes off empty symbols and field names, which nothing can read.
 */
export function toIonText(value: dom.Value): string {
  const annotations = value.getAnnotations();
  if (annotations.length === 0) return bodyOf(value);
  return `${annotations.map(symbolText).join("::")}::${bodyOf(value)}`;
}

function bodyOf(value: dom.Value): string {
  if (value.isNull()) return dumpText(new dom.Null(value.getType()));
  switch (value.getType()) {
    case IonTypes.STRUCT:
      return `{${value.allFields().flatMap(fieldTexts).join(",")}}`;
    case IonTypes.LIST:
      return `[${value.elements().map(toIonText).join(",")}]`;
    case IonTypes.SEXP:
      return `(${value.elements().map(toIonText).join(" ")})`;
    case IonTypes.SYMBOL:
      return symbolText(value.stringValue() ?? "");
    default:
      return dumpText(withoutAnnotations(value));
  }
}

function fieldTexts([name, values]: [string, dom.Value[]]): string[] {
  return values.map((value) => `${symbolText(name)}:${toIonText(value)}`);
}

function symbolText(text: string): string {
  if (PLAIN_SYMBOL.test(text)) return text;
  // JSON's escapes are Ion's too, but for the quotation marks.
  const escaped = JSON.stringify(text).slice(1, -1).replace(/\\"/g, '"').replace(/'/g, "\\'");
  return `'${escaped}'`;
}

function withoutAnnotations(value: dom.Value): dom.Value {
  if (value.getAnnotations().length === 0) return value;
  switch (value.getType()) {
    case IonTypes.BOOL:
      return new dom.Boolean(value.booleanValue() ?? false);
    case IonTypes.INT:
      return new dom.Integer(value.bigIntValue() ?? 0n);
    case IonTypes.FLOAT:
      return new dom.Float(value.numberValue() ?? 0);
    case IonTypes.DECIMAL:
      return new dom.Decimal(value.decimalValue() ?? Decimal.ZERO);
    case IonTypes.TIMESTAMP:
      return dom.Value.from(value.timestampValue());
    case IonTypes.BLOB:
      return new dom.Blob(value.uInt8ArrayValue() ?? new Uint8Array());
    case IonTypes.CLOB:
      return new dom.Clob(value.uInt8ArrayValue() ?? new Uint8Array());
    default:
      return new dom.String(value.stringValue() ?? "");
  }
}
