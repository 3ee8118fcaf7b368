// SPDX-License-Identifier: MIT
import { dom } from "ion-js";
import type { Catalog, CatalogRevision } from "../catalog";
import { type Datum, NULL } from "../value/datum";
import { LazyValue } from "../value/lazy-value";
import { nodeAt, type PathKey, type Undecoded, valueAt } from "../value/node";
import { makeStruct } from "../value/struct";
import type { Field } from "../value/struct";
import { type ExecuteOptions, Workload } from "./workload";

/** The value of one FROM item while one row is looked at. */
export interface RowItem {
  /** The whole item. */
  value(): Datum;
  /** The whole item as it is at hand: nothing is decoded for this. */
  content(): Undecoded | undefined;
  /** The value at a path, decoding no more than is needed. */
  at(path: readonly PathKey[]): Datum;
  /** The value at a path as it is at hand: nothing is decoded for this. */
  nodeAt(path: readonly PathKey[]): Undecoded | undefined;
  /** The value that `BY` binds. */
  readonly documentId: string | undefined;
  /** The id that `BY` binds, as a value. */
  idValue(): Datum;
  /** The index in a list that `AT` binds; `undefined` where there is no order. */
  readonly ordinal: number | undefined;
  /** Tells it from the other documents or revisions of its table; `undefined` for what is in no table. */
  readonly identity: string | undefined;
}

/** The state of one execution of one statement. */
export class Frame {
  /** One per FROM item, those of outer loops being set while inner loops run, and one per query for its current group. */
  readonly items: RowItem[] = [];
  readonly catalog: Catalog;
  /** The statement, for positions in errors. */
  readonly source: string;
  readonly workload: Workload;
  readonly #parameters: readonly LazyValue[];
  readonly #memo = new Map<object, unknown>();

  constructor(parameters: readonly Undecoded[], catalog: Catalog, source: string, options?: ExecuteOptions) {
    this.source = source;
    this.workload = new Workload(source, options);
    this.#parameters = parameters.map((node) => new LazyValue(node));
    this.catalog = catalog;
  }

  /** The item of a slot that the plan made sure is bound. */
  item(slot: number): RowItem {
    const item = this.items[slot];
    if (item === undefined) throw new RangeError("A plan reads a FROM item only after it was bound.");
    return item;
  }

  /** The group of a slot that the plan made sure is bound. */
  group(slot: number): GroupItem {
    const item = this.item(slot);
    if (!(item instanceof GroupItem)) throw new RangeError("A plan binds groups in slots of their own.");
    return item;
  }

  /** A parameter by its place. */
  parameter(index: number): LazyValue {
    const parameter = this.#parameters[index];
    if (parameter === undefined)
      throw new RangeError("A statement runs with as many parameters as it takes.");
    return parameter;
  }

  /** Computes something once per execution; `key` is the identity of the part of the plan that asks. */
  once<T>(key: object, compute: () => T): T {
    if (!this.#memo.has(key)) this.#memo.set(key, compute());
    return this.#memo.get(key) as T;
  }
}

/** A document of the user view. */
export class DocumentItem implements RowItem {
  readonly documentId: string;
  readonly ordinal = undefined;
  readonly #revision: CatalogRevision;
  #id: Datum;
  #value: Datum;

  constructor(revision: CatalogRevision) {
    this.documentId = revision.documentId;
    this.#revision = revision;
  }

  get identity(): string {
    return this.documentId;
  }

  idValue(): Datum {
    this.#id ??= new dom.String(this.documentId);
    return this.#id;
  }

  value(): Datum {
    this.#value ??= this.#revision.data();
    return this.#value;
  }

  content(): Undecoded | undefined {
    return this.#revision.content();
  }

  at(path: readonly PathKey[]): Datum {
    return this.#value === undefined ? this.#revision.at(path) : valueAt(this.#value, path);
  }

  nodeAt(path: readonly PathKey[]): Undecoded | undefined {
    return nodeAt(this.content(), path);
  }
}

/** A revision of the committed view or of the history. */
export class RevisionItem implements RowItem {
  readonly documentId: string;
  readonly ordinal = undefined;
  readonly #revision: CatalogRevision;

  constructor(revision: CatalogRevision) {
    this.documentId = revision.documentId;
    this.#revision = revision;
  }

  get identity(): string {
    return `${this.documentId} ${String(this.#revision.version)}`;
  }

  idValue(): Datum {
    return new dom.String(this.documentId);
  }

  value(): Datum {
    const names = ["blockAddress", "hash", "data", "dataHash", "metadata"];
    const fields = names.flatMap((name): Field[] => {
      const value = this.#part(name);
      return value === undefined ? [] : [[name, value]];
    });
    return makeStruct(fields);
  }

  content(): Datum {
    return this.value();
  }

  at([name, ...rest]: readonly PathKey[]): Datum {
    if (name === "data" && rest.length > 0) return this.#revision.at(rest);
    return valueAt(this.#part(name), rest);
  }

  nodeAt(path: readonly PathKey[]): Datum {
    return this.at(path);
  }

  #part(name: PathKey | undefined): Datum {
    switch (name) {
      case "blockAddress":
        return this.#revision.blockAddress();
      case "hash":
        return this.#revision.hash();
      case "data":
        return this.#revision.data();
      case "dataHash":
        return this.#revision.dataHash();
      case "metadata":
        return this.#revision.metadata();
      case undefined:
      default:
        return undefined;
    }
  }
}

/** An element of a list or bag, or a row of a system table. */
export class ValueItem implements RowItem {
  readonly documentId = undefined;
  readonly identity = undefined;
  readonly ordinal: number | undefined;
  readonly #value: LazyValue;

  constructor(value: Undecoded, ordinal?: number) {
    this.#value = new LazyValue(value);
    this.ordinal = ordinal;
  }

  /** True for one that is decoded in turns before an expression looks into it. */
  get isLong(): boolean {
    return this.#value.isLong;
  }

  /** Decodes it, in turns with others. */
  decode(workload: Workload): Promise<void> {
    return this.#value.decode(() => workload.rest());
  }

  idValue(): Datum {
    return undefined;
  }

  value(): Datum {
    return this.#value.value;
  }

  content(): Undecoded {
    return this.#value.node;
  }

  at(path: readonly PathKey[]): Datum {
    return this.#value.at(path);
  }

  nodeAt(path: readonly PathKey[]): Undecoded | undefined {
    return this.#value.nodeAt(path);
  }
}

/** One group of a query, once all rows have been taken in. No name stands for it, so it has no value. */
export class GroupItem extends ValueItem {
  /** The values of GROUP BY's keys. */
  readonly keys: readonly Datum[];
  /** The results of the aggregates, in order of appearance. */
  readonly aggregates: readonly Datum[];

  constructor(keys: readonly Datum[], aggregates: readonly Datum[]) {
    super(NULL);
    this.keys = keys;
    this.aggregates = aggregates;
  }
}

/** The index that `AT` binds, as a value. */
export function ordinalOf(item: RowItem): Datum {
  return item.ordinal === undefined ? undefined : new dom.Integer(item.ordinal);
}
