// SPDX-License-Identifier: MIT
import { dom } from "ion-js";
import type { IonSlice } from "../binary/ion-slice";

/** A struct's fields as ion-js keeps them: all values of each name, in an object without prototype. */
export type StructFields = Record<string, dom.Value[]>;

/** A struct in bytes, of which one field may be another. */
export interface StructSource {
  readonly slice: IonSlice;
  /** The one value that the slice's own fields of that name make way for, or none. */
  readonly changed?: { readonly name: string; readonly value: dom.Value | undefined };
}

/** Beside the structs: a property of their own would make them other objects than those that are built at once. */
const lazyFields = new WeakMap<dom.Value, LazyFields>();

/**
 * Makes a struct whose fields are built when somebody asks for them. Until then, and afterwards if it is frozen, it is written and
 * hashed from its bytes.
 */
export function makeLazyStruct(
  source: StructSource,
  annotations: string[],
  build: (source: StructSource) => StructFields,
): dom.Struct {
  const struct = new dom.Struct([], annotations);
  const lazy = new LazyFields(source, build);
  // The one property in which ion-js keeps the fields. Its proxy passes definitions on to the struct behind it.
  Object.defineProperty(struct, "_fields", { get: () => lazy.fields, enumerable: true, configurable: true });
  lazyFields.set(struct, lazy);
  return struct;
}

/** The bytes of a struct that is not built, or was frozen before it was; `undefined` for every other value. */
export function sourceOf(value: dom.Value): StructSource | undefined {
  return lazyFields.get(value)?.source;
}

/**
 * Has the fields frozen when they are built.
 *
 * @returns false if the struct has been built already, or never was anything else
 */
export function freezeWhenBuilt(struct: dom.Struct, freeze: (fields: StructFields) => void): boolean {
  return lazyFields.get(struct)?.freezeWhenBuilt(freeze) ?? false;
}

/** The fields of one struct. */
class LazyFields {
  #source: StructSource | undefined;
  #fields: StructFields | (() => StructFields);
  #freeze: ((fields: StructFields) => void) | undefined;

  constructor(source: StructSource, build: (source: StructSource) => StructFields) {
    this.#source = source;
    this.#fields = () => build(source);
  }

  get source(): StructSource | undefined {
    return this.#source;
  }

  get fields(): StructFields {
    if (typeof this.#fields !== "function") return this.#fields;
    const fields = this.#fields();
    this.#fields = fields;
    // What was built and is not frozen may be changed at any time, a struct deep inside included.
    if (this.#freeze === undefined) this.#source = undefined;
    else this.#freeze(fields);
    return fields;
  }

  freezeWhenBuilt(freeze: (fields: StructFields) => void): boolean {
    if (typeof this.#fields !== "function") return false;
    this.#freeze = freeze;
    return true;
  }
}
