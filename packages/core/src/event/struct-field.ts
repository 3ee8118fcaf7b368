// SPDX-License-Identifier: MIT
import { dom, IonTypes } from "ion-js";
import { InvalidEventError } from "./invalid-event-error";

/** The struct in a field of a record that QLDB wrote. Throws InvalidEventError, which names the field and never the value. */
export function structField(struct: dom.Struct, name: string): dom.Struct {
  const value = struct.get(name);
  if (value instanceof dom.Struct) return value;
  throw new InvalidEventError(name, "a struct", kindOf(value));
}

function kindOf(value: dom.Value | null): string {
  if (value === null) return "none";
  return value.isNull() ? "null" : value.getType().name;
}

/** The string in a field of a record that QLDB wrote. Throws InvalidEventError, which names the field and never the value. */
export function textField(struct: dom.Struct, name: string): string {
  const value = struct.get(name);
  const text = value?.getType() === IonTypes.STRING ? value.stringValue() : null;
  if (text === null) throw new InvalidEventError(name, "a string", "another value or none");
  return text;
}
