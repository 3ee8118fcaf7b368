// SPDX-License-Identifier: MIT
import { LedgerLoaderError, quoted } from "@ledger-loader/errors";
import { HASH_LENGTH, type Hash, type IonSlice, type IonTypeName, formatTimestamp } from "@ledger-loader/ion";
import { MalformedBlockError } from "./journal-errors";

/**
 * Reads the fields of a struct that QLDB itself writes, strictly: each at most once, none null, none annotated.
 *
 * Most of these fields are not hashed, so that anything unusual about them would go unnoticed otherwise.
 * Throws {@link MalformedBlockError}.
 */
export class StructReader {
  readonly #path: string;
  readonly #fields = new Map<string, IonSlice>();
  readonly #read = new Set<string>();

  /** @param path - what the struct is called in errors, for instance `revisions[3].metadata`. */
  constructor(value: IonSlice, path: string) {
    this.#path = path;
    requireType(value, "struct", path);
    for (const [name, field] of guarded(path, () => value.fields())) {
      if (name === undefined || this.#fields.has(name)) {
        const found = name === undefined ? "a field without a name" : `a second field ${quoted(name)}`;
        throw this.#malformed(
          name ?? "",
          `Expected each field of ${path || "the block"} once, found ${found}`,
        );
      }
      this.#fields.set(name, field);
    }
  }

  /** The field's value as it stands, or `undefined` if there is none. */
  optional(name: string, type?: IonTypeName): IonSlice | undefined {
    this.#read.add(name);
    const field = this.#fields.get(name);
    if (field !== undefined && type !== undefined) requireType(field, type, this.#at(name));
    return field;
  }

  /** The field's value as it stands, which MUST be there. */
  required(name: string, type?: IonTypeName): IonSlice {
    const field = this.optional(name, type);
    if (field === undefined) throw this.#malformed(name, `Expected the field ${this.#at(name)}, found none`);
    return field;
  }

  string(name: string): string {
    return guarded(this.#at(name), () => this.required(name, "string").stringValue());
  }

  /** An integer from 0 on. */
  int(name: string): number {
    const value = guarded(this.#at(name), () => this.required(name, "int").intValue());
    if (value < 0) throw this.#malformed(name, `Expected ${this.#at(name)} to be 0 or more, found ${value}`);
    return value;
  }

  /** A timestamp as Ion text, to its last digit. */
  timestamp(name: string): string {
    return guarded(this.#at(name), () => formatTimestamp(this.required(name, "timestamp")));
  }

  hash(name: string): Hash {
    return readHash(this.required(name), this.#at(name));
  }

  optionalHash(name: string): Hash | undefined {
    const field = this.optional(name);
    return field === undefined ? undefined : readHash(field, this.#at(name));
  }

  /** The elements of a list field, or `undefined` if there is no such field. */
  optionalElements(name: string): IonSlice[] | undefined {
    const field = this.optional(name, "list");
    return field === undefined ? undefined : guarded(this.#at(name), () => field.elements());
  }

  /** Throws if the struct has fields that nobody asked for: no hash and no check covers them. */
  rejectUnknown(): void {
    for (const name of this.#fields.keys()) {
      if (!this.#read.has(name)) {
        throw this.#malformed(name, `Expected only fields that QLDB writes, found ${quoted(this.#at(name))}`);
      }
    }
  }

  #at(name: string): string {
    return this.#path === "" ? name : `${this.#path}.${name}`;
  }

  #malformed(name: string, problem: string): MalformedBlockError {
    return malformedBlock(problem, this.#at(name));
  }
}

/** Reads a blob of 32 bytes. */
export function readHash(value: IonSlice, path: string): Hash {
  requireType(value, "blob", path);
  const hash = value.bytesValue();
  if (hash.length === HASH_LENGTH) return hash;
  throw malformedBlock(
    `Expected ${path} to be a hash of ${HASH_LENGTH} bytes, found ${hash.length} bytes`,
    path,
  );
}

function requireType(value: IonSlice, type: IonTypeName, path: string): void {
  if (value.type === type && !value.isNull && !value.isAnnotated) return;
  const found = value.isNull ? "null" : value.isAnnotated ? `an annotated ${value.type}` : `a ${value.type}`;
  throw malformedBlock(`Expected ${path || "the block"} to be a ${type}, found ${found}`, path);
}

/** Adds the place to errors from reading Ion. */
export function guarded<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof MalformedBlockError || !(error instanceof LedgerLoaderError)) throw error;
    throw new MalformedBlockError(`${path || "block"}: ${error.message}`, { field: path }, { cause: error });
  }
}

export function malformedBlock(problem: string, field: string): MalformedBlockError {
  return new MalformedBlockError(
    `${problem}: the journal was damaged or is not QLDB's; get it again from its source.`,
    {
      field,
    },
  );
}
