// SPDX-License-Identifier: MIT
import type { ArgumentSpec, OptionSpec } from "./command-spec";

/** Declares the exports that a command reads. */
export const MANIFEST_ARGUMENT: ArgumentSpec = {
  name: "<manifest...>",
  description:
    "the `*.completed.manifest` of an export, or a folder with manifests in it or up to 4 folders below, hidden folders left out; several consecutive exports of one ledger, in any order",
};

/** Declares `--tables`. */
export const TABLES_OPTION: OptionSpec = {
  flags: "--tables <names>",
  description: "only these tables, separated by commas; default: all",
  parse: (text) =>
    text
      .split(",")
      .map((name) => name.trim())
      .filter((name) => name !== ""),
};

/** The set that `--tables` gave. */
export function tableSet(tables: readonly string[] | undefined): ReadonlySet<string> | undefined {
  return tables === undefined ? undefined : new Set(tables);
}
