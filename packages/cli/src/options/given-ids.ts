// SPDX-License-Identifier: MIT
import type { GivenId } from "@ledger-loader/ledger";
import { UsageError } from "../cli-errors";

/** Parses `TABLE=ID`. */
export function parseTableId(text: string): GivenId {
  const [, tableName = "", id = ""] = /^([^=.]+)=([0-9A-Za-z]{22})$/.exec(text) ?? [];
  if (id !== "") return { tableName, id };
  throw wrong("--table-id to be TABLE=ID", "Vehicle=8F0TPCmdNQ6JTRpiLj2TmW", text);
}

/** Parses `TABLE.FIELD=ID`. */
export function parseIndexId(text: string): GivenId {
  const [, tableName = "", field = "", id = ""] = /^([^=.]+)\.([^=]+)=([0-9A-Za-z]{22})$/.exec(text) ?? [];
  if (id !== "") return { tableName, field, id };
  throw wrong("--index-id to be TABLE.FIELD=ID", "Vehicle.VIN=EFPE1AnBpPsEaK1RJ4pxiA", text);
}

function wrong(expected: string, example: string, text: string): UsageError {
  return new UsageError(
    `expected ${expected} with an id of 22 letters and digits, such as ${example}, found ${JSON.stringify(text)}`,
  );
}
