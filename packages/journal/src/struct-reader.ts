// SPDX-License-Identifier: MIT
import { LedgerLoaderError, quoted } from "@ledger-loader/errors";
import { HASH_LENGTH, type Hash, type IonSlice, type IonTypeName, formatTimestamp } from "@ledger-loader/ion";
import { MalformedBlockError } from "./journal-errors";

/** So many fields are compared each with each. */
const FEW_FIELDS = 16;

/**
 * Reads the fields of a struct that QLDB itself writes, strictly: each at most once, none null, none annotated.
 *
 * Most of these fields are not hashed, so that anything unusual about them would go unnoticed otherwise.
 * Throws {@link MalformedBlockError}.
 */
export class StructReader {
  readonly #path: string;
  // A list, and not a map: QLDB's structs have ten fields at most, and exports hold millions of such structs.
  readonly #fields: readonly (readonly [name: string | undefined, value: IonSlice])[];
  readonly #isRead: boolean[] = [];

  /** @param path - what the struct is called in errors, for instance `revisions[3].metadata`. */
  constructor(value: IonSlice, path: string) {
    this.#path = path;
    requireType(value, "struct", path);
    this.#fields = guarded(path, () => value.fields());
    this.#requireDistinct();
  }

  #requireDistinct(): void {
    const fields = this.#fields;
    // Many fields are damage, or harm that is meant: comparing each with each would take too long.
    const seen = fields.length > FEW_FIELDS ? new Set<string>() : undefined;
    for (let i = 0; i < fields.length; i++) {
      const name = fields[i]?.[0];
      const isSecond = name !== undefined && (seen?.has(name) ?? this.#indexOf(name) < i);
      if (name === undefined || isSecond) {
        const found = name === undefined ? "a field without a name" : `a second field ${quoted(name)}`;
        const problem = `Expected each field of ${this.#path || "the block"} once, found ${found}`;
        throw this.#malformed(name ?? "", problem);
      }
      seen?.add(name);
    }
  }

  /** The place of the first field of that name, or -1. */
  #indexOf(name: string): number {
    const fields = this.#fields;
    for (let i = 0; i < fields.length; i++) if (fields[i]?.[0] === name) return i;
    return -1;
  }

  /** The field's value as it stands, or `undefined` if there is none. */
  optional(name: string, type?: IonTypeName): IonSlice | undefined {
    const index = this.#indexOf(name);
    const field = this.#fields[index]?.[1];
    if (field === undefined) return undefined;
    this.#isRead[index] = true;
    if (type !== undefined) requireType(field, type, this.#at(name));
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
    return guarded(this.#at(name), () => field?.elements());
  }

  /** Throws if the struct has fields that nobody asked for: no hash and no check covers them. */
  rejectUnknown(): void {
    for (const [i, [name = ""]] of this.#fields.entries()) {
      if (this.#isRead[i] !== true) {
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
