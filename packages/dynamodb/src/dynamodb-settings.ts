// SPDX-License-Identifier: MIT
import type { Setting } from "@ledger-loader/core";
import type { SetStyle } from "./attribute-value";
import type { DynamoDbOptions, ExpiryPolicy } from "./dynamodb-options";

function setting<T>(definition: Setting<T>): Setting<T> {
  return definition;
}

/** The settings of the channels that DynamoDB feeds, beside those of the loader. */
export const DYNAMODB_SETTINGS = {
  tables: setting<DynamoDbOptions["tables"]>({
    name: "DYNAMODB_TABLES",
    accepts: "dynamodb-table=ledger-table pairs with commas between",
    parse: parseTables,
    format: (tables) =>
      Object.entries(tables)
        .map(([from, to]) => `${from}=${to}`)
        .join(","),
    defaultValue: undefined,
    meaning: "The ledger's table for each DynamoDB table. Others keep their name.",
    tradeOff:
      "None; a name with hyphens or dots must be mapped, because a ledger has no such tables: its changes are rejected.",
  }),
  modifyAs: setting<DynamoDbOptions["modifyAs"]>({
    name: "DYNAMODB_MODIFY_AS",
    accepts: "UPDATE or ANY",
    parse: (text) => (["UPDATE", "ANY"] as const).find((each) => each === text),
    defaultValue: undefined,
    meaning:
      "The operation of a MODIFY. UPDATE needs an existing record. Default: UPDATE from a table's stream, ANY over Kinesis.",
    tradeOff: "With ANY, a missing full load goes unnoticed.",
  }),
  sets: setting<SetStyle>({
    name: "DYNAMODB_SETS",
    accepts: "annotated or plain",
    parse: (text) => (["annotated", "plain"] as const).find((each) => each === text),
    defaultValue: "annotated",
    meaning: "The form of a set: a list annotated with its type, or a plain list.",
    tradeOff: "Plain lists look like lists, and documents that were loaded before are not recognized.",
  }),
  expiry: setting<ExpiryPolicy>({
    name: "DYNAMODB_EXPIRY",
    accepts: "delete, ignore or archive:TABLE",
    parse: parseExpiry,
    format: (expiry) => (typeof expiry === "string" ? expiry : `archive:${expiry.archiveTo}`),
    defaultValue: "delete",
    meaning: "The effect of an item's expiry: it deletes the record, keeps it, or moves it to another table.",
    tradeOff: "Replicas of a global table do not show expiry, and always delete.",
  }),
  epoch: setting({
    name: "DYNAMODB_EPOCH",
    accepts: "an integer from 0 to 999999",
    parse: (text) => (/^\d{1,6}$/.test(text) ? Number(text) : undefined),
    defaultValue: 0,
    meaning:
      "Raise it by one when the order starts again: another replica of a global table, or another kind of stream.",
    tradeOff: "None.",
  }),
  eventAttribute: setting<string | undefined>({
    name: "DYNAMODB_EVENT_ATTRIBUTE",
    accepts: "the name of an attribute",
    parse: (text) => (text.length <= 255 ? text : undefined),
    defaultValue: undefined,
    meaning:
      "The attribute that holds an event, for a table that is an outbox. Items themselves are not loaded.",
    tradeOff: "A MODIFY of such an item is rejected.",
  }),
} as const;

function parseTables(text: string): Readonly<Record<string, string>> | undefined {
  const pairs = text.split(",").map((pair) => /^\s*([\w.-]{3,255})=([A-Za-z_]\w*)\s*$/.exec(pair));
  if (pairs.some((pair) => pair === null)) return undefined;
  return Object.fromEntries(pairs.map((pair) => [pair?.[1] ?? "", pair?.[2] ?? ""]));
}

function parseExpiry(text: string): ExpiryPolicy | undefined {
  if (text === "delete" || text === "ignore") return text;
  const [, archiveTo] = /^archive:([A-Za-z_]\w*)$/.exec(text) ?? [];
  return archiveTo === undefined ? undefined : { archiveTo };
}
