// SPDX-License-Identifier: MIT
import path from "node:path";

/** Code of a user's own: a file, from the folder of `loader.config.ts` on, and the name of its export. */
export interface SourceExport {
  readonly entry: string;
  readonly export: string;
}

/** Reads `{ entry, export }`, or the text `./file.ts#Export`. */
export function parseSourceExport(value: unknown): SourceExport | undefined {
  if (typeof value === "string") {
    const [, entry, name] = /^([^#]+\.[cm]?[jt]s)#(\w+)$/.exec(value) ?? [];
    return entry === undefined || name === undefined ? undefined : { entry, export: name };
  }
  if (typeof value !== "object" || value === null) return undefined;
  const { entry, export: name } = value as Readonly<Record<string, unknown>>;
  return typeof entry === "string" && typeof name === "string"
    ? parseSourceExport(`${entry}#${name}`)
    : undefined;
}

/** How the code is named where its path does not matter: in the function's environment, and in errors. */
export function sourceName({ entry, export: name }: SourceExport): string {
  return `${path.basename(entry)}#${name}`;
}
