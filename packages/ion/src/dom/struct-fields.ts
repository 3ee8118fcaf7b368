// SPDX-License-Identifier: MIT
import { dom } from "ion-js";
import { lazyStruct } from "../binary/decode-ion";
import { sourceOf } from "./lazy-struct";

/** True if the struct has a field of that name. A struct that is still bytes is not built for it. */
export function hasField(struct: dom.Struct, name: string): boolean {
  const source = sourceOf(struct);
  if (source === undefined || source.changed?.name === name) return struct.getAll(name) !== null;
  return source.slice.field(name) !== undefined;
}

/** The struct with one value in the field of that name, behind all other fields. A struct that is still bytes remains so. */
export function withField(struct: dom.Struct, name: string, value: dom.Value): dom.Struct {
  return withChanged(struct, name, value);
}

/** The struct without the fields of that name. A struct that is still bytes remains so. */
export function withoutField(struct: dom.Struct, name: string): dom.Struct {
  return hasField(struct, name) ? withChanged(struct, name, undefined) : struct;
}

function withChanged(struct: dom.Struct, name: string, value: dom.Value | undefined): dom.Struct {
  const source = sourceOf(struct);
  if (source !== undefined && (source.changed === undefined || source.changed.name === name)) {
    return lazyStruct({ slice: source.slice, changed: { name, value } }, struct.getAnnotations());
  }
  const fields = struct.allFields().filter(([each]) => each !== name);
  if (value !== undefined) fields.push([name, [value]]);
  return new dom.Struct(fields, struct.getAnnotations());
}
