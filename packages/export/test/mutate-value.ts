// SPDX-License-Identifier: MIT
import { dom, IonTypes } from "ion-js";

/** A place in an Ion value: field names and element indexes from the root. */
export type ValuePath = readonly (string | number)[];

/** The places of all values below the root, containers included. */
export function listPaths(value: dom.Value, path: ValuePath = []): ValuePath[] {
  const below = childrenOf(value).flatMap(([step, child]) => listPaths(child, [...path, step]));
  return path.length === 0 ? below : [path, ...below];
}

/** A copy of `value` in which the value at `path` is another one. */
export function replaceAt(
  value: dom.Value,
  path: ValuePath,
  change: (value: dom.Value) => dom.Value,
): dom.Value {
  const [step, ...rest] = path;
  if (step === undefined) return change(value);
  const children = childrenOf(value).map(([name, child]): [string | number, dom.Value] => [
    name,
    name === step ? replaceAt(child, rest, change) : child,
  ]);
  if (value.getType() === IonTypes.STRUCT) {
    const fields = children.map(([name, child]): [string, dom.Value[]] => [String(name), [child]]);
    return new dom.Struct(fields, value.getAnnotations());
  }
  const elements = children.map(([, child]) => child);
  return value.getType() === IonTypes.SEXP
    ? new dom.SExpression(elements, value.getAnnotations())
    : new dom.List(elements, value.getAnnotations());
}

function childrenOf(value: dom.Value): [string | number, dom.Value][] {
  if (value.isNull()) return [];
  if (value.getType() === IonTypes.STRUCT) {
    // Of several fields of one name, each is a place of its own, but only the first can be told by its name.
    return value
      .allFields()
      .flatMap(([name, values]) => values.map((child): [string, dom.Value] => [name, child]));
  }
  const isSequence = value.getType() === IonTypes.LIST || value.getType() === IonTypes.SEXP;
  return isSequence ? value.elements().map((child, index): [number, dom.Value] => [index, child]) : [];
}

/** Another value: of the same type with a slightly different content, or of another type. */
export function changeValue(value: dom.Value, variant: number): dom.Value {
  const annotations = value.getAnnotations();
  if (variant % 4 === 0) return new dom.Null(IonTypes.NULL, [...annotations]);
  if (variant % 4 === 1) return dom.Value.from({ changed: variant });
  if (value.isNull()) return new dom.Integer(variant, annotations);
  switch (value.getType()) {
    case IonTypes.BLOB:
      return new dom.Blob(flipBit(value.uInt8ArrayValue()!, variant), annotations);
    case IonTypes.INT:
      return new dom.Integer(value.bigIntValue()! + BigInt(variant), annotations);
    case IonTypes.STRING:
      return new dom.String(`${value.stringValue()!}${variant}`, annotations);
    case IonTypes.LIST:
      return new dom.List([...value.elements(), new dom.Integer(variant)], annotations);
    default:
      return new dom.Symbol(`changed${variant}`, annotations);
  }
}

function flipBit(bytes: Uint8Array, variant: number): Uint8Array {
  const flipped = bytes.length === 0 ? Uint8Array.of(1) : Uint8Array.from(bytes);
  const at = variant % flipped.length;
  flipped[at] = flipped[at]! ^ (1 << (variant % 8));
  return flipped;
}
