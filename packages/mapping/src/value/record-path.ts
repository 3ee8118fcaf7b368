// SPDX-License-Identifier: MIT
import { InvalidEventError } from "@ledger-loader/core";
import { dom } from "ion-js";

/** The input of a mapping: a record, and the key that came with the record, where the channel has keys. */
export interface SourceRecord {
  readonly value: dom.Value;
  readonly key: dom.Value | undefined;
}

/** A place in a record, such as `$.order.id` or `$key.id`. */
export interface RecordPath {
  readonly root: "value" | "key";
  /** Names of fields, and places in lists, from the root. */
  readonly steps: readonly (string | number)[];
  /** As the mapping has it, for messages. */
  readonly text: string;
}

/** The record itself. */
export const WHOLE: RecordPath = { root: "value", steps: [], text: "$" };

const ROOT = /^\$(key(?![\w-]))?/;
const STEP = /\.([A-Za-z_][\w-]*)|\[(\d{1,9})\]|\["((?:[^"\\]|\\.)*)"\]/y;

/** Reads a path; `undefined` if the text is none. */
export function parsePath(text: string): RecordPath | undefined {
  const [start, key] = ROOT.exec(text) ?? [];
  if (start === undefined) return undefined;
  const steps: (string | number)[] = [];
  let at = start.length;
  while (at < text.length) {
    STEP.lastIndex = at;
    const [step, name, index, quoted] = STEP.exec(text) ?? [];
    if (step === undefined) return undefined;
    const field = name ?? unquote(quoted);
    steps.push(field ?? Number(index));
    at += step.length;
  }
  return { root: key === undefined ? "value" : "key", steps, text };
}

function unquote(quoted: string | undefined): string | undefined {
  return quoted?.replace(/\\(.)/g, "$1");
}

/**
 * The value at a path; `undefined` if there is none. A null on the way there is nothing to look into.
 *
 * @throws InvalidEventError if a value on the way is neither a struct nor a list as the path expects, or a field is there twice.
 */
export function findAt(path: RecordPath, record: SourceRecord): dom.Value | undefined {
  let found = path.root === "key" ? record.key : record.value;
  for (const step of path.steps) {
    if (found === undefined || found.isNull()) return undefined;
    found = typeof step === "string" ? fieldOf(found, step, path) : elementOf(found, step, path);
  }
  return found;
}

function fieldOf(value: dom.Value, name: string, path: RecordPath): dom.Value | undefined {
  if (!(value instanceof dom.Struct)) {
    throw new InvalidEventError(path.text, `a path through structs (to ${name})`, kindOf(value));
  }
  const values = value.getAll(name) ?? [];
  if (values.length > 1) throw new InvalidEventError(path.text, "there once", `${values.length} times`);
  return values[0];
}

function elementOf(value: dom.Value, index: number, path: RecordPath): dom.Value | undefined {
  if (value instanceof dom.List) return value.elements()[index];
  throw new InvalidEventError(path.text, `a path through a list (to element ${index})`, kindOf(value));
}

/** The kind of a value, never the value. */
export function kindOf(value: dom.Value | undefined): string {
  if (value === undefined) return "nothing";
  return value.isNull() ? "null" : value.getType().name;
}
