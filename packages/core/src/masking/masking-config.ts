// SPDX-License-Identifier: MIT
import { dom, IonTypes } from "ion-js";
import { MaskingConfigError } from "../errors";
import { isIdentifier } from "../event/identifier";
import { decodeValues } from "../event/decode-events";
import { textOf } from "../event/text-of";

/** The change that a rule makes to the values at its path. */
export type MaskingAction =
  | { readonly action: "drop" }
  /** A keyed hash (HMAC-SHA256) in base64url: equal values stay equal, and cannot be guessed without the key. */
  | { readonly action: "hash" }
  | { readonly action: "replace"; readonly value: dom.Value }
  | { readonly action: "rename"; readonly to: string };

/** One rule. */
export interface MaskingRule {
  /** Field names from the document's root; `*` stands for every element of a list or field of a struct. */
  readonly path: readonly string[];
  readonly action: MaskingAction;
}

/** The rules of one table. */
export interface TableMasking {
  /** True if the record's id is hashed too. */
  readonly hashId: boolean;
  readonly rules: readonly MaskingRule[];
}

/** The rules of a masking file, by table; `*` is for tables that are not named. */
export type MaskingConfig = ReadonlyMap<string, TableMasking>;

const ACTIONS = ["drop", "hash", "replace", "rename"] as const;

/** The options of each action, next to path and action. */
const OPERANDS: Readonly<Record<(typeof ACTIONS)[number], readonly string[]>> = {
  drop: [],
  hash: [],
  replace: ["value"],
  rename: ["to"],
};

/**
 * Reads masking rules, JSON or Ion text.
 *
 * @param hasKey whether there is a key for hashes; rules that need one are refused without it.
 * @throws MaskingConfigError naming every problem at once.
 */
export function parseMasking(text: string, hasKey: boolean): MaskingConfig {
  const problems: string[] = [];
  const root = parseText(text, problems);
  const tables = root && fieldsOf(root, "the file", ["tables"], problems).get("tables");
  if (root !== undefined && tables === undefined) problems.push("tables: expected a struct, found nothing");
  const config = new Map<string, TableMasking>();
  if (tables instanceof dom.Struct) {
    for (const [table, value] of tables.fields()) {
      const where = `tables.${table}`;
      if (table !== "*" && !isIdentifier(table))
        problems.push(`${where}: expected the name of a table, or *`);
      if (config.has(table)) problems.push(`${where}: expected it once, found it again`);
      config.set(table, parseTable(value, where, problems));
    }
  } else if (tables !== undefined) problems.push(`tables: expected a struct, found ${kindOf(tables)}`);
  const needsKey = [...config.values()].some(({ hashId, rules }) => hashId || rules.some(isHash));
  if (needsKey && !hasKey) problems.push("MASKING_KEY: expected a key, as rules hash values, found nothing");
  if (problems.length > 0) throw new MaskingConfigError(problems);
  return config;
}

function isHash({ action }: MaskingRule): boolean {
  return action.action === "hash";
}

function parseText(text: string, problems: string[]): dom.Struct | undefined {
  let values: readonly dom.Value[];
  try {
    values = decodeValues(text);
  } catch {
    // What was found is not told: it may be a replacement value.
    problems.push("the file: expected JSON or Ion text, found what is neither");
    return undefined;
  }
  const [root] = values;
  if (values.length === 1 && root instanceof dom.Struct) return root;
  problems.push(
    `the file: expected one struct, found ${values.length === 1 && root ? kindOf(root) : `${values.length} values`}`,
  );
  return undefined;
}

function parseTable(value: dom.Value, where: string, problems: string[]): TableMasking {
  const fields = fieldsOf(value, where, ["hashId", "rules"], problems);
  const hashId = fields.get("hashId");
  const list = fields.get("rules");
  const isBool = hashId?.getType() === IonTypes.BOOL && !hashId.isNull();
  if (hashId !== undefined && !isBool) {
    problems.push(`${where}.hashId: expected true or false, found ${kindOf(hashId)}`);
  }
  if (list !== undefined && !(list instanceof dom.List)) {
    problems.push(`${where}.rules: expected a list, found ${kindOf(list)}`);
  }
  const elements = list instanceof dom.List ? list.elements() : [];
  const rules = elements.flatMap((rule, i) => parseRule(rule, `${where}.rules[${i}]`, problems));
  checkTogether(rules, where, problems);
  return { hashId: isBool && hashId.booleanValue() === true, rules };
}

function parseRule(value: dom.Value, where: string, problems: string[]): readonly MaskingRule[] {
  const fields = fieldsOf(value, where, ["path", "action", "value", "to"], problems);
  const path = parsePath(fields.get("path"));
  const name = ACTIONS.find((each) => each === textOf(fields.get("action")));
  const before = problems.length;
  if (path === undefined)
    problems.push(`${where}.path: expected field names with dots between, or a list of them`);
  if (name === undefined) problems.push(`${where}.action: expected one of ${ACTIONS.join(", ")}`);
  else {
    for (const operand of ["value", "to"]) {
      const isNeeded = OPERANDS[name].includes(operand);
      if (isNeeded !== fields.has(operand)) {
        problems.push(`${where}.${operand}: expected ${isNeeded ? "one" : "none"} for ${name}`);
      }
    }
    if (name === "rename" && path?.at(-1) === "*")
      problems.push(`${where}.path: expected a field to rename, found *`);
    if (name === "rename" && fields.has("to") && !textOf(fields.get("to"))) {
      problems.push(`${where}.to: expected the name of a field`);
    }
  }
  if (path === undefined || name === undefined || problems.length > before) return [];
  return [{ path, action: toAction(name, fields) }];
}

function toAction(name: (typeof ACTIONS)[number], fields: ReadonlyMap<string, dom.Value>): MaskingAction {
  switch (name) {
    case "replace":
      return { action: name, value: fields.get("value") ?? new dom.Null() };
    case "rename":
      return { action: name, to: textOf(fields.get("to")) ?? "" };
    case "drop":
    case "hash":
      return { action: name };
  }
}

/** Rules that contradict each other, or are never reached. */
function checkTogether(rules: readonly MaskingRule[], where: string, problems: string[]): void {
  const shown = (path: readonly string[]): string => path.join(".");
  for (const [i, { path, action }] of rules.entries()) {
    for (const other of rules.slice(i + 1)) {
      if (shown(path) === shown(other.path))
        problems.push(`${where}: expected one rule for ${shown(path)}, found two`);
      if (action.action === "rename" && other.action.action === "rename" && action.to === other.action.to) {
        const areSiblings = shown(path.slice(0, -1)) === shown(other.path.slice(0, -1));
        if (areSiblings) problems.push(`${where}: expected one field to become ${action.to}, found two`);
      }
    }
    const beneath = rules.find((other) => other.path.length > path.length && startsWith(other.path, path));
    if (beneath !== undefined && action.action !== "rename") {
      problems.push(
        `${where}: expected no rule beneath ${shown(path)}, which is masked as a whole, found ${shown(beneath.path)}`,
      );
    }
  }
}

function startsWith(path: readonly string[], prefix: readonly string[]): boolean {
  return prefix.every((name, i) => path[i] === name);
}

function parsePath(value: dom.Value | undefined): readonly string[] | undefined {
  const names =
    value instanceof dom.List
      ? value.elements().map((name) => textOf(name) ?? "")
      : textOf(value)?.split(".");
  return names === undefined || names.length === 0 || names.includes("") ? undefined : names;
}

/** The known fields of a struct; what is unknown is a problem, as a mistyped rule masks nothing. */
function fieldsOf(
  value: dom.Value,
  where: string,
  known: readonly string[],
  problems: string[],
): ReadonlyMap<string, dom.Value> {
  if (!(value instanceof dom.Struct)) {
    problems.push(`${where}: expected a struct, found ${kindOf(value)}`);
    return new Map();
  }
  const fields = new Map<string, dom.Value>();
  for (const [name, field] of value.fields()) {
    if (!known.includes(name)) problems.push(`${where}.${name}: expected only ${known.join(", ")}`);
    else if (fields.has(name)) problems.push(`${where}.${name}: expected it once, found it again`);
    fields.set(name, field);
  }
  return fields;
}

function kindOf(value: dom.Value): string {
  return `${value.isNull() ? "null." : "a "}${value.getType().name}`;
}
