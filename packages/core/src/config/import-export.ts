// SPDX-License-Identifier: MIT
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * Imports what `module#export` names: a user's own writer or mapper.
 *
 * The module is resolved like an import of the working directory: a package, or a path that begins with `./`.
 * Rejects with the error of Node.js if there is no such module or it fails on import; an export that is not there is
 * `undefined`.
 */
export async function importExport(reference: string): Promise<unknown> {
  const [specifier = "", exportName = ""] = reference.split("#");
  const path = createRequire(join(process.cwd(), "package.json")).resolve(specifier);
  const loaded = (await import(pathToFileURL(path).href)) as Readonly<Record<string, unknown>>;
  const inDefault = loaded["default"] as Readonly<Record<string, unknown>> | undefined;
  return loaded[exportName] ?? inDefault?.[exportName];
}
