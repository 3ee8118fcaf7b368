// SPDX-License-Identifier: MIT
import { dumpText, loadAll, type dom } from "ion-js";
import { UsageError } from "../cli-errors";
import { printableData } from "../output/printable-data";

/** Parses what `--param` was given: exactly one Ion value. */
export function ionParameter(text: string): dom.Value {
  let values: readonly dom.Value[];
  try {
    values = loadAll(text);
  } catch (cause) {
    throw new UsageError(
      `expected --param to be an Ion value such as 42, "text", 2025-07-31T or {a: 1}, found ${JSON.stringify(text)}`,
      { cause },
    );
  }
  const [value] = values;
  if (value !== undefined && values.length === 1) return value;
  throw new UsageError(
    `expected --param to be one Ion value, found ${values.length} in ${JSON.stringify(text)}: quote a string twice, --param '"two words"'`,
  );
}

/** A value on one line of Ion text, which loses nothing. */
export function ionLine(value: dom.Value): string {
  return printableData(dumpText(value));
}
