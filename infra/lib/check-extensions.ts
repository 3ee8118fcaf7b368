// SPDX-License-Identifier: MIT
import { makeWriter, parseConfig, SETTINGS, toEnvironment, type LoaderConfig } from "@ledger-loader/core";
import { loadSource } from "./bundle";
import type { LoaderValues } from "./loader-function";
import { sourceName, type SourceExport } from "./source-export";

/**
 * Makes the user's writer as the function will at its cold start, so that a wrong file, a wrong name or a class that is no
 * writer is found before anything is deployed.
 */
export function checkExtensions(values: LoaderValues): readonly string[] {
  const { revisionWriter, maskingFile: _, ...settings } = values;
  if (typeof revisionWriter === "string") return [];
  const config = parseConfig(toEnvironment(SETTINGS, settings as Partial<LoaderConfig>));
  return check("revisionWriter", revisionWriter, "a RevisionWriter class", (exported) =>
    makeWriter({ ...config, revisionWriter: sourceName(revisionWriter) }, exported),
  );
}

/** Loads a user's module and tries what it exports. */
export function check(
  parameter: string,
  source: SourceExport,
  expected: string,
  make: (exported: unknown) => unknown,
): readonly string[] {
  try {
    const loaded = loadSource(source.entry);
    if (!(source.export in loaded)) {
      const names = Object.keys(loaded).filter((name) => name !== "__esModule");
      const found = names.length === 0 ? "no exports" : `the exports ${names.join(", ")}`;
      return [
        `${parameter}: expected ${source.entry} to export ${expected} named ${source.export}, found ${found}`,
      ];
    }
    make(loaded[source.export]);
    return [];
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return [`${parameter}: expected ${expected} named ${source.export} in ${source.entry}. ${problem}`];
  }
}
