// SPDX-License-Identifier: MIT
import type { DynamoDbHandler } from "@ledger-loader/dynamodb";

/** An item in DynamoDB's JSON, as in the records of a table's stream. */
export type Item = NonNullable<
  NonNullable<Parameters<DynamoDbHandler>[0]["Records"][number]["dynamodb"]>["NewImage"]
>;

/** Returns plain values as an item of DynamoDB. */
export function toItem(values: Readonly<Record<string, unknown>>): Item {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, toAttribute(value)]));
}

function toAttribute(value: unknown): Item[string] {
  if (typeof value === "string") return { S: value };
  if (typeof value === "number") return { N: String(value) };
  if (typeof value === "boolean") return { BOOL: value };
  if (Array.isArray(value)) return { L: value.map(toAttribute) };
  return { M: toItem(value as Readonly<Record<string, unknown>>) };
}
