// SPDX-License-Identifier: MIT
import { dom } from "ion-js";

/** A field of a struct that is being built; MISSING fields are left out by whoever builds it. */
export type Field = readonly [name: string, value: dom.Value];

const INTEGER_NAME = /^(?:0|[1-9][0-9]*)$/;

/**
 * Builds a struct whose fields keep their order; fields of one name stand where the first of them stood.
 *
 * `dom.Struct` keeps its fields in a JavaScript object, which moves names such as `2` to the front; structs with
 * such names get a subclass that remembers the order.
 */
export function makeStruct(fields: Iterable<Field>, annotations: string[] = []): dom.Struct {
  const grouped = new Map<string, dom.Value[]>();
  let ordered = true;
  for (const [name, value] of fields) {
    const values = grouped.get(name);
    if (values === undefined) grouped.set(name, [value]);
    else values.push(value);
    if (ordered && INTEGER_NAME.test(name)) ordered = false;
  }
  return ordered ? new dom.Struct(grouped, annotations) : new OrderedStruct(grouped, annotations);
}

/** The fields of a struct in order, one entry for each of several of one name. */
export function fieldsOf(struct: dom.Value): Field[] {
  return struct.allFields().flatMap(([name, values]) => values.map((value): Field => [name, value]));
}

/** Fields that were added or deleted later are where `dom.Struct` puts them: after the others, or gone. */
class OrderedStruct extends dom.Struct {
  readonly #names: readonly string[];

  constructor(fields: ReadonlyMap<string, dom.Value[]>, annotations: string[]) {
    super(fields, annotations);
    this.#names = [...fields.keys()];
  }

  override fieldNames(): string[] {
    const present = new Set(super.fieldNames());
    const known = this.#names.filter((name) => present.delete(name));
    return [...known, ...present];
  }

  override allFields(): [string, dom.Value[]][] {
    return this.fieldNames().map((name) => [name, this.getAll(name) ?? []]);
  }

  override fields(): [string, dom.Value][] {
    return this.allFields().flatMap(([name, values]) =>
      values.slice(-1).map((value): [string, dom.Value] => [name, value]),
    );
  }

  override elements(): dom.Value[] {
    return this.allFields().flatMap(([, values]) => values);
  }
}
