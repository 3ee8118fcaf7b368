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
    meaning: "Tables of the ledger by table of DynamoDB; those not named keep their name.",
    tradeOff:
      "None; a name with hyphens or dots must be mapped, because a ledger has no such tables: its changes are rejected.",
  }),
  modifyAs: setting<DynamoDbOptions["modifyAs"]>({
    name: "DYNAMODB_MODIFY_AS",
    accepts: "UPDATE or ANY",
    parse: (text) => (["UPDATE", "ANY"] as const).find((each) => each === text),
    defaultValue: undefined,
    meaning:
      "What a MODIFY is: UPDATE needs the record to be there, ANY takes the item as it is. Not set: UPDATE from a table's stream, ANY over Kinesis.",
    tradeOff:
      "ANY takes the first change of an item that was there before its stream; with it, a missing full load goes unnoticed.",
  }),
  sets: setting<SetStyle>({
    name: "DYNAMODB_SETS",
    accepts: "annotated or plain",
    parse: (text) => (["annotated", "plain"] as const).find((each) => each === text),
    defaultValue: "annotated",
    meaning: "Whether the list that a set becomes is annotated with the set's type.",
    tradeOff:
      "Plain lists read more easily, but cannot be told from lists; documents loaded before are no longer recognized.",
  }),
  expiry: setting<ExpiryPolicy>({
    name: "DYNAMODB_EXPIRY",
    accepts: "delete, ignore or archive:TABLE",
    parse: parseExpiry,
    format: (expiry) => (typeof expiry === "string" ? expiry : `archive:${expiry.archiveTo}`),
    defaultValue: "delete",
    meaning:
      "What becomes of the record of an item whose time to live is over: deleted, kept, or moved to another table of the ledger.",
    tradeOff:
      "Replicas of a global table do not say that an item expired: there it is deleted whatever this says.",
  }),
  epoch: setting({
    name: "DYNAMODB_EPOCH",
    accepts: "an integer from 0 to 999999",
    parse: (text) => (/^\d{1,6}$/.test(text) ? Number(text) : undefined),
    defaultValue: 0,
    meaning:
      "Raised by one when the order starts anew: another replica of a global table, or from one kind of stream to the other.",
    tradeOff: "What comes under a lower epoch is superseded from then on.",
  }),
  eventAttribute: setting<string | undefined>({
    name: "DYNAMODB_EVENT_ATTRIBUTE",
    accepts: "the name of an attribute",
    parse: (text) => (text.length <= 255 ? text : undefined),
    defaultValue: undefined,
    meaning:
      "The attribute that holds an event, where the table is an outbox: then items themselves are not loaded.",
    tradeOff: "Items of an outbox must never be changed: a MODIFY is rejected.",
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
