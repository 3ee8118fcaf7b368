// SPDX-License-Identifier: MIT
import { InvalidEventError } from "@ledger-loader/core";
import { dom, IonTypes } from "ion-js";
import { findAt, kindOf, type RecordPath, type SourceRecord } from "./record-path";
import { toType, type ValueType } from "./value-type";

/** How a value of an event is found. */
export type ValueRule = ConstantRule | PathRule | StructRule;

/** The same value for every record. */
export interface ConstantRule {
  readonly kind: "constant";
  readonly value: dom.Value;
}

/** The value at a path of the record. */
export interface PathRule {
  readonly kind: "path";
  readonly path: RecordPath;
  readonly type?: ValueType | undefined;
  /** The decimal places of type `decimal-base64`. */
  readonly scale?: number | undefined;
  /** The result for each allowed value, by its text. Any other is refused. */
  readonly values?: ReadonlyMap<string, dom.Value> | undefined;
  /** Added to an int: for numbers that begin elsewhere. */
  readonly add?: bigint | undefined;
  /** Taken where the record has nothing there. */
  readonly whenAbsent?: dom.Value | undefined;
  /** True if the record may have nothing there: the field is then left out. */
  readonly optional: boolean;
}

/** A struct of fields, each by a rule of its own. */
export interface StructRule {
  readonly kind: "struct";
  readonly fields: ReadonlyMap<string, ValueRule>;
  /** The struct of which every field that no other rule reads is kept under its own name. */
  readonly rest?: RecordPath | undefined;
}

/**
 * The value that a rule finds; `undefined` where the record has none and need not have one.
 *
 * @throws InvalidEventError naming the path and what was expected there.
 */
export function evaluate(rule: ValueRule, record: SourceRecord): dom.Value | undefined {
  switch (rule.kind) {
    case "constant":
      return rule.value;
    case "path":
      return evaluatePath(rule, record);
    case "struct":
      return evaluateStruct(rule, record);
  }
}

function evaluatePath(rule: PathRule, record: SourceRecord): dom.Value | undefined {
  const { path, type, scale, whenAbsent, optional } = rule;
  const found = findAt(path, record);
  if (found === undefined) {
    if (whenAbsent !== undefined || optional) return whenAbsent;
    const hint = `nothing (say "optional": true, or a "default", if the record may lack it)`;
    throw new InvalidEventError(path.text, "a value or null", hint);
  }
  const translated = rule.values === undefined ? found : translate(found, rule.values, path);
  const typed = type === undefined ? translated : toType(translated, type, path.text, scale);
  return rule.add === undefined ? typed : sum(typed, rule.add, path);
}

function translate(value: dom.Value, values: ReadonlyMap<string, dom.Value>, path: RecordPath): dom.Value {
  const translated = values.get(textOf(value) ?? "");
  if (translated !== undefined) return translated;
  throw new InvalidEventError(path.text, `one of ${[...values.keys()].join(", ")}`, "another value");
}

function sum(value: dom.Value, add: bigint, path: RecordPath): dom.Value {
  const int = value.getType() === IonTypes.INT ? value.bigIntValue() : null;
  if (int === null) throw new InvalidEventError(path.text, "an int", kindOf(value));
  return dom.Value.from(int + add);
}

/** A scalar as the text by which a mapping names it. */
export function textOf(value: dom.Value): string | undefined {
  if (value.isNull()) return "null";
  switch (value.getType()) {
    case IonTypes.STRING:
    case IonTypes.SYMBOL:
      return value.stringValue() ?? undefined;
    case IonTypes.INT:
      return String(value.bigIntValue());
    case IonTypes.BOOL:
      return String(value.booleanValue());
    default:
      return undefined;
  }
}

function evaluateStruct(rule: StructRule, record: SourceRecord): dom.Struct {
  const fields = new Map<string, dom.Value>(restOf(rule, record));
  for (const [name, field] of rule.fields) {
    const value = evaluate(field, record);
    if (value !== undefined) fields.set(name, value);
  }
  return new dom.Struct([...fields]);
}

/** The fields that are kept under their own names: those that no rule reads. */
function restOf(
  { rest, fields }: StructRule,
  record: SourceRecord,
): readonly (readonly [string, dom.Value])[] {
  if (rest === undefined) return [];
  const value = findAt(rest, record);
  if (!(value instanceof dom.Struct)) throw new InvalidEventError(rest.text, "a struct", kindOf(value));
  const read = new Set([...fields.values()].flatMap((rule) => fieldReadOf(rule, rest)));
  return value.allFields().flatMap(([name, values]) => {
    if (read.has(name)) return [];
    const [only, ...others] = values;
    if (only === undefined || others.length > 0)
      throw new InvalidEventError(rest.text, "a struct with each field once", "a field that is there again");
    return [[name, only] as const];
  });
}

/** The fields of a struct that a rule reads, or looks into. */
export function fieldReadOf(rule: ValueRule, struct: RecordPath): readonly string[] {
  if (rule.kind === "struct") return [...rule.fields.values()].flatMap((each) => fieldReadOf(each, struct));
  if (rule.kind !== "path" || rule.path.root !== struct.root) return [];
  const isBelow = struct.steps.every((step, i) => rule.path.steps[i] === step);
  const next = rule.path.steps[struct.steps.length];
  return isBelow && typeof next === "string" ? [next] : [];
}
