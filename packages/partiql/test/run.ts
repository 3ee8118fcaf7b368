// SPDX-License-Identifier: MIT
import { decoded } from "../src/value/node";
import { type IonSlice, readSingleValue, transcodeToBinary } from "@ledger-loader/ion";
import type { Catalog, Undecoded } from "@ledger-loader/partiql";
import { compile, execute } from "@ledger-loader/partiql";
import { type dom, dumpText } from "ion-js";

/** Executes a statement and returns its rows; parameters are Ion text. */
export async function run(
  catalog: Catalog,
  statement: string,
  ...parameters: readonly string[]
): Promise<dom.Value[]> {
  return runValues(catalog, statement, ...parameters.map(toSlice));
}

/** A value as bytes, as parameters come from clients. */
export function toSlice(text: string): IonSlice {
  return readSingleValue(transcodeToBinary(text));
}

/** Executes a statement with values, or bytes, as parameters. */
export async function runValues(
  catalog: Catalog,
  statement: string,
  ...parameters: readonly Undecoded[]
): Promise<dom.Value[]> {
  const rows: dom.Value[] = [];
  for await (const row of execute(compile(statement), parameters, catalog)) rows.push(decoded(row));
  return rows;
}

/** Ion text of a value, on one line. */
export function toText(value: dom.Value): string {
  return dumpText(value);
}
