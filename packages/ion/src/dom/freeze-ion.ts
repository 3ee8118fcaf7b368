// SPDX-License-Identifier: MIT
import { dom } from "ion-js";
import { freezeWhenBuilt, type StructFields } from "./lazy-struct";

/**
 * Freezes an Ion value in place, however deep: changing a struct, list or S-expression in it throws. What is not built yet is
 * frozen when it is.
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
  // ion-js keeps the fields in an object of its own; freezing only the struct would leave that one open.
  if (!freezeWhenBuilt(struct, freezeFields)) freezeFields(Reflect.get(struct, "_fields") as StructFields);
  Object.freeze(struct);
}

function freezeFields(fields: StructFields): void {
  for (const values of Object.values(fields)) {
    for (const value of values) freezeIon(value);
    Object.freeze(values);
  }
  Object.freeze(fields);
}

function freezeSequence(sequence: dom.List | dom.SExpression): void {
  for (const value of sequence) freezeIon(value as dom.Value);
  Object.freeze(sequence);
}
