// SPDX-License-Identifier: MIT
import { dom } from "ion-js";

/**
 * Freezes an Ion value in place, however deep: changing a struct, list or S-expression in it throws.
 *
 * Scalars are left alone: ion-js gives them no way to change but fills some of them in lazily.
 */
export function freezeIon(value: dom.Value): void {
  // A struct or sequence is frozen after what is in it.
  if (Object.isFrozen(value)) return;
  if (value instanceof dom.Struct) freezeStruct(value);
  else if (value instanceof dom.List || value instanceof dom.SExpression) freezeSequence(value);
}

function freezeStruct(struct: dom.Struct): void {
  for (const [, values] of struct.allFields()) {
    for (const value of values) freezeIon(value);
    Object.freeze(values);
  }
  // ion-js keeps the fields in an object of its own; freezing only the struct would leave that one open.
  const fields: unknown = Reflect.get(struct, "_fields");
  if (typeof fields === "object") Object.freeze(fields);
  Object.freeze(struct);
}

function freezeSequence(sequence: dom.List | dom.SExpression): void {
  for (const value of sequence) freezeIon(value as dom.Value);
  Object.freeze(sequence);
}
