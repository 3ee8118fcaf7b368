// SPDX-License-Identifier: MIT

/** Reads a value of parsed JSON into a type. Throws {@link JsonShapeProblem}. */
export type JsonShape<T> = (value: unknown, path: string) => T;

/** The place of a JSON document that has not the expected form. Callers turn it into an error that names the file. */
export class JsonShapeProblem extends Error {
  constructor(path: string, expected: string, found: unknown) {
    super(`expected ${path === "" ? "the document" : path} to be ${expected}, found ${kindOf(found)}`);
  }
}

/** Any string. */
export const jsonText: JsonShape<string> = (value, path) => {
  if (typeof value === "string") return value;
  throw new JsonShapeProblem(path, "a string", value);
};

/** An integer from 0 to 2^53 - 1. */
export const jsonWhole: JsonShape<number> = (value, path) => {
  if (Number.isSafeInteger(value) && Number(value) >= 0) return Number(value);
  throw new JsonShapeProblem(path, "an integer from 0 on", value);
};

/** True or false. */
export const jsonFlag: JsonShape<boolean> = (value, path) => {
  if (typeof value === "boolean") return value;
  throw new JsonShapeProblem(path, "true or false", value);
};

/** A SHA-256 hash in base64. */
export const jsonHash: JsonShape<string> = (value, path) => {
  const isHash = typeof value === "string" && /^[A-Za-z0-9+/]{43}=$/.test(value);
  if (isHash) return value;
  throw new JsonShapeProblem(path, "a hash of 32 bytes in base64", value);
};

/** A SHA-256 hash in lower-case hexadecimal. */
export const jsonSha256: JsonShape<string> = (value, path) => {
  if (typeof value === "string" && /^[0-9a-f]{64}$/.test(value)) return value;
  throw new JsonShapeProblem(path, "a SHA-256 hash in hexadecimal", value);
};

/** One of some strings or numbers. */
export function jsonOneOf<const T extends string | number>(...values: readonly T[]): JsonShape<T> {
  return (value, path) => {
    const found = values.find((each) => each === value);
    if (found !== undefined) return found;
    throw new JsonShapeProblem(path, values.map((each) => JSON.stringify(each)).join(" or "), value);
  };
}

/** A list. */
export function jsonList<T>(item: JsonShape<T>): JsonShape<readonly T[]> {
  return (value, path) => {
    if (!Array.isArray(value)) throw new JsonShapeProblem(path, "a list", value);
    return value.map((each: unknown, index) => item(each, `${path}[${index}]`));
  };
}

/** An object with any names. */
export function jsonRecord<T>(item: JsonShape<T>): JsonShape<Readonly<Record<string, T>>> {
  return (value, path) => {
    const entries = Object.entries(objectAt(value, path));
    return Object.fromEntries(entries.map(([name, each]) => [name, item(each, `${path}.${name}`)]));
  };
}

/** A value that may be missing. */
export function jsonOptional<T>(shape: JsonShape<T>): JsonShape<T | undefined> {
  return (value, path) => (value === undefined ? undefined : shape(value, path));
}

/** A value that may be `null`. */
export function jsonNullable<T>(shape: JsonShape<T>): JsonShape<T | null> {
  return (value, path) => (value === null ? null : shape(value, path));
}

/** An object with these fields, in the order that they have. Other fields are left out. */
export function jsonStruct<T extends object>(fields: {
  readonly [K in keyof T]-?: JsonShape<T[K]>;
}): JsonShape<T> {
  return (value, path) => {
    const given = objectAt(value, path);
    const read = new Map<string, unknown>();
    for (const [name, shape] of Object.entries<JsonShape<unknown>>(fields)) {
      const own = Object.hasOwn(given, name) ? given[name] : undefined;
      read.set(name, shape(own, path === "" ? name : `${path}.${name}`));
    }
    const names = Object.keys(given).filter((name) => read.get(name) !== undefined);
    return Object.fromEntries(names.map((name) => [name, read.get(name)])) as T;
  };
}

function objectAt(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>;
  }
  throw new JsonShapeProblem(path, "an object", value);
}

/** Never the value: it may be content. */
function kindOf(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `another ${typeof value}`;
}
