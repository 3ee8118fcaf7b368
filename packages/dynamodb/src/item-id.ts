// SPDX-License-Identifier: MIT
import { InvalidEventError } from "@ledger-loader/core";
import { dom } from "ion-js";
import { bytes, itemOf, text, type JsonAttribute, type JsonItem } from "./attribute-value";
import { parseNumber, toIonNumber, toPlainText } from "./exact-number";

/**
 * The id of an item: different for different keys of one table, and the same however DynamoDB prints the key.
 *
 * A key of one attribute is its value: a string, a blob, an int, or for a number with a fraction its plain text, such as
 * `"2.5"`, because an id cannot be a decimal. A key of two attributes is their JSON with names in order and numbers in
 * plain notation: `{"artist":{"S":"No One You Know"},"year":{"N":"2015"}}`.
 *
 * @throws InvalidEventError if there is no key, or none of DynamoDB's key types. Never repeats it.
 */
export function toItemId(keys: JsonItem): dom.Value {
  const names = Object.keys(keys).toSorted();
  const [name, ...others] = names;
  if (name === undefined || others.length > 1) {
    throw new InvalidEventError("Keys", "one or two attributes", `${names.length}`, "id-required");
  }
  if (others.length === 0) return toSingleId(keys[name]);
  // Written part by part: an object's integer-like keys come first whatever order they were put in.
  const parts = names.map((each) => `${JSON.stringify(each)}:${JSON.stringify(canonical(keys[each]))}`);
  return dom.Value.from(`{${parts.join(",")}}`);
}

function toSingleId(attribute: JsonAttribute): dom.Value {
  const [type, content] = keyEntry(attribute);
  if (type === "S") return dom.Value.from(text(content));
  if (type === "B") return new dom.Blob(bytes(content));
  const number = parseNumber(text(content));
  return number.exponent >= 0 ? toIonNumber(number) : dom.Value.from(toPlainText(number));
}

function canonical(attribute: JsonAttribute): Readonly<Record<string, string>> {
  const [type, content] = keyEntry(attribute);
  if (type === "N") return { N: toPlainText(parseNumber(text(content))) };
  return { [type]: type === "B" ? Buffer.from(bytes(content)).toString("base64") : text(content) };
}

function keyEntry(attribute: JsonAttribute): readonly ["S" | "N" | "B", unknown] {
  const entries = Object.entries(itemOf(attribute, "an attribute of Keys"));
  const [type, content] = entries[0] ?? [];
  if (entries.length === 1 && (type === "S" || type === "N" || type === "B")) return [type, content];
  throw new InvalidEventError("an attribute of Keys", "an S, N or B", "something else");
}
