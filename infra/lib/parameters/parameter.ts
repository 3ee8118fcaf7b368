// SPDX-License-Identifier: MIT
import { type Setting, formatValue, parseBoolean } from "@ledger-loader/core";

/** One parameter of a deployment: from it come the type of `loader.config.ts`, the command line's flag and the reference page. */
export interface Parameter<T> {
  /** The allowed values, for people. */
  readonly accepts: string;
  /** Reads a value of `loader.config.ts` or the text of a flag; `undefined` where it is not what `accepts` says. */
  readonly parse: (value: unknown) => T | undefined;
  /** The value where nothing is set. Absent: the parameter is required. */
  readonly defaultValue?: T;
  /** Its effect: one sentence. */
  readonly meaning: string;
  /** The cost of changing it. */
  readonly tradeOff: string;
}

/** Parameters by the names that `loader.config.ts` uses. */
export type Parameters = Readonly<Record<string, Parameter<unknown>>>;

/** The values of parameters, by the same names. */
export type ParameterValues<P> = {
  readonly [K in keyof P]: P[K] extends { readonly defaultValue: infer T }
    ? T
    : P[K] extends RequiredParameter<infer T>
      ? T
      : never;
};

type RequiredNames<P> = {
  [K in keyof P]: P[K] extends { readonly defaultValue: unknown } ? never : K;
}[keyof P];

/** The input of a user: everything that has a default may be left out. */
export type ParameterInput<P> = { readonly [K in RequiredNames<P>]: ParameterValues<P>[K] } & {
  readonly [K in Exclude<keyof P, RequiredNames<P>>]?: ParameterValues<P>[K];
};

/** A parameter without a default: it must be set. */
export type RequiredParameter<T> = Omit<Parameter<T>, "defaultValue">;

/** A parameter with one, which may be `undefined`: not set. */
export type OptionalParameter<T> = Parameter<T> & { readonly defaultValue: T };

/** Declares a required parameter. */
export function required<T>(definition: RequiredParameter<T>): RequiredParameter<T> {
  return definition;
}

/** Declares a parameter that may be left out. */
export function optional<T>(definition: OptionalParameter<T>): OptionalParameter<T> {
  return definition;
}

/** Makes a setting of the loader a parameter: it becomes the function's environment variable. */
export function fromSetting<T>(setting: Setting<T>): OptionalParameter<T> {
  const definition = {
    accepts: setting.accepts,
    parse: (value: unknown) => parseAsSetting(setting, value),
    meaning: setting.meaning,
    tradeOff: setting.tradeOff,
    ...("defaultValue" in setting ? { defaultValue: setting.defaultValue } : {}),
  };
  return definition as OptionalParameter<T>;
}

/** Text is what the environment variable would hold, or the value itself; everything else is the value. */
function parseAsSetting<T>(setting: Setting<T>, value: unknown): T | undefined {
  if (value === null || value === undefined) return undefined;
  const asText = typeof value === "string" ? setting.parse(value) : undefined;
  if (asText !== undefined) return asText;
  const formatted = setting.parse(formatValue(setting as Setting<unknown>, value));
  return typeof value === "string" && formatted !== value ? undefined : formatted;
}

/** Whole numbers, as numbers or text. */
export function integer(min: number, max: number): (value: unknown) => number | undefined {
  return (value) => {
    const number = typeof value === "string" && /^-?\d+$/.test(value) ? Number(value) : value;
    return Number.isInteger(number) && (number as number) >= min && (number as number) <= max
      ? (number as number)
      : undefined;
  };
}

/** `true` or `false`, as booleans or as text in any case. */
export function boolean(value: unknown): boolean | undefined {
  if (typeof value === "boolean") return value;
  return typeof value === "string" ? parseBoolean(value) : undefined;
}

/** Text of a form. */
export function text(pattern: RegExp): (value: unknown) => string | undefined {
  return (value) => (typeof value === "string" && pattern.test(value) ? value : undefined);
}

/** One of some words. */
export function oneOf<const W extends string>(...words: readonly W[]): (value: unknown) => W | undefined {
  return (value) => words.find((word) => word === value);
}

/** Several texts of a form: an array, or text with commas between. */
export function list(pattern: RegExp): (value: unknown) => readonly string[] | undefined {
  return (value) => {
    const items: unknown = typeof value === "string" ? value.split(",").map((item) => item.trim()) : value;
    if (!Array.isArray(items) || items.length === 0) return undefined;
    return items.every((item) => typeof item === "string" && pattern.test(item))
      ? (items as readonly string[])
      : undefined;
  };
}

/** An object of JSON. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** An object, or its JSON as text. */
export function jsonObject(value: unknown): JsonObject | undefined {
  const found = typeof value === "string" ? parseJson(value) : value;
  const isObject = typeof found === "object" && found !== null && !Array.isArray(found);
  return isObject && Object.keys(found).length > 0 ? (found as JsonObject) : undefined;
}

/** Several objects, or the JSON of their array or of one of them as text. */
export function jsonObjects(value: unknown): readonly JsonObject[] | undefined {
  const found = typeof value === "string" ? parseJson(value) : value;
  const items = (Array.isArray(found) ? found : [found]).map(jsonObject);
  return items.length > 0 && items.every((item) => item !== undefined) ? items : undefined;
}

/** Texts by name: an object, or text such as `name=value,other=value`. */
export function texts(name: RegExp): (value: unknown) => Readonly<Record<string, string>> | undefined {
  return (value) => {
    const pairs = typeof value === "string" ? value.split(",").map(splitPair) : Object.entries(value ?? {});
    const isRight = pairs.every(([key, item]) => name.test(key) && typeof item === "string");
    return pairs.length > 0 && isRight
      ? (Object.fromEntries(pairs) as Readonly<Record<string, string>>)
      : undefined;
  };
}

function splitPair(pair: string): readonly [string, string | undefined] {
  const at = pair.indexOf("=");
  return at < 0 ? [pair, undefined] : [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
}

function parseJson(value: string): unknown {
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return undefined;
  }
}
