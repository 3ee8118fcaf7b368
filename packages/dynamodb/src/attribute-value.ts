// SPDX-License-Identifier: MIT
import { InvalidEventError } from "@ledger-loader/core";
import { dom } from "ion-js";
import { compareNumbers, parseNumber, toIonNumber } from "./exact-number";

/** An attribute in DynamoDB's JSON, not checked yet: `{"S": "text"}`; binary values in base64. */
export type JsonAttribute = unknown;

/** An item in DynamoDB's JSON, by attribute name. */
export type JsonItem = Readonly<Record<string, JsonAttribute>>;

/**
 * How a set becomes Ion, which has none.
 *
 * - `annotated`: a list annotated with `SS`, `NS` or `BS`: different values stay different.
 * - `plain`: a list: a set and the sorted list of its members look the same.
 */
export type SetStyle = "annotated" | "plain";

/** DynamoDB's types, each with its Ion. */
const CONVERSIONS: Readonly<Record<string, (content: unknown, sets: SetStyle) => dom.Value>> = {
  S: (content) => dom.Value.from(text(content)),
  N: (content) => toIonNumber(parseNumber(text(content))),
  B: (content) => new dom.Blob(bytes(content)),
  BOOL: (content) => {
    if (typeof content !== "boolean") throw malformed("a BOOL", "true or false", content);
    return dom.Value.from(content);
  },
  NULL: (content) => {
    if (content !== true) throw malformed("a NULL", "true", content);
    return new dom.Null();
  },
  M: (content, sets) => toIonStruct(itemOf(content, "an M"), sets),
  L: (content, sets) => new dom.List(listOf(content, "an L").map((each) => toIon(each, sets))),
  SS: (content, sets) => {
    const members = listOf(content, "an SS").map(text);
    return setOf(
      "SS",
      members.toSorted(compareText).map((member) => dom.Value.from(member)),
      sets,
    );
  },
  NS: (content, sets) => {
    const members = listOf(content, "an NS").map((member) => parseNumber(text(member)));
    return setOf("NS", members.toSorted(compareNumbers).map(toIonNumber), sets);
  },
  BS: (content, sets) => {
    const members = listOf(content, "a BS").map(bytes);
    return setOf(
      "BS",
      members.toSorted((a, b) => Buffer.compare(a, b)).map((member) => new dom.Blob(member)),
      sets,
    );
  },
};

/**
 * Turns an attribute of DynamoDB's JSON into Ion, without losing anything: numbers exactly, binaries as blobs, empty
 * strings as they are. Members of a set are sorted, because DynamoDB gives them in any order.
 *
 * @throws InvalidEventError if it is not DynamoDB's JSON. Never repeats content.
 */
export function toIon(attribute: JsonAttribute, sets: SetStyle): dom.Value {
  const [entry, ...others] = Object.entries(itemOf(attribute, "an attribute"));
  const [type, content] = entry ?? [];
  const convert = type !== undefined && Object.hasOwn(CONVERSIONS, type) ? CONVERSIONS[type] : undefined;
  if (convert === undefined || others.length > 0) {
    const known = Object.keys(CONVERSIONS).join(", ");
    throw new InvalidEventError(
      "an attribute",
      `one value under one of ${known}`,
      `${others.length + (entry ? 1 : 0)} under other names`,
    );
  }
  return convert(content, sets);
}

/** Turns an item, or a map within one, into a struct. */
export function toIonStruct(item: JsonItem, sets: SetStyle): dom.Struct {
  return new dom.Struct(
    Object.entries(item).map(([name, attribute]): [string, dom.Value] => [name, toIon(attribute, sets)]),
  );
}

/** Checks that a value of JSON is an object. @throws InvalidEventError naming `what` if it is not. */
export function itemOf(content: unknown, what: string): JsonItem {
  if (typeof content === "object" && content !== null && !Array.isArray(content)) return content as JsonItem;
  throw malformed(what, "an object", content);
}

/** The bytes of a `B`, which DynamoDB's JSON holds in base64. */
export function bytes(content: unknown): Uint8Array {
  const encoded = text(content);
  const decoded = Buffer.from(encoded, "base64");
  // Node.js leaves out what is not base64, which would change the content.
  if (decoded.toString("base64") !== encoded) throw malformed("a binary", "base64", content);
  return decoded;
}

/** The text of an `S` or `N`. */
export function text(content: unknown): string {
  if (typeof content === "string") return content;
  throw malformed("a value", "a string", content);
}

function listOf(content: unknown, what: string): readonly unknown[] {
  if (Array.isArray(content)) return content as readonly unknown[];
  throw malformed(what, "a list", content);
}

function setOf(type: string, members: dom.Value[], sets: SetStyle): dom.Value {
  return new dom.List(members, sets === "annotated" ? [type] : []);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function malformed(what: string, expected: string, found: unknown): InvalidEventError {
  return new InvalidEventError(what, expected, kindOf(found));
}

/** Never its content. */
function kindOf(found: unknown): string {
  if (found === undefined || found === null) return found === null ? "null" : "none";
  if (Array.isArray(found)) return "a list";
  return typeof found === "object" ? "an object" : `a ${typeof found}`;
}
