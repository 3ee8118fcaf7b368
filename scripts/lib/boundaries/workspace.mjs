// SPDX-License-Identifier: MIT
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join, relative } from "node:path";
import { parseFile } from "./parse-file.mjs";

/** The scope of our own packages. */
export const SCOPE = "@ledger-loader/";

/**
 * Reads every package of the workspace: its folder, manifest, and source files with what they import and how long their functions are.
 * Files are told apart: `isTest` for tests and for what only tests import.
 */
export function readWorkspace(root) {
  const names = [...readdirSync(join(root, "packages")), "infra", "examples"];
  return names.flatMap((name) => {
    const folder = folderOf(root, name);
    const file = join(folder, "package.json");
    if (!existsSync(file)) return [];
    const manifest = JSON.parse(readFileSync(file, "utf8"));
    return [{ name, folder, path: relative(root, folder), manifest, files: [...filesOf(root, folder)] }];
  });
}

/** What a package's users install with it, its peers included; names and versions. */
export const shippedDependencies = ({ dependencies, peerDependencies }) => ({
  ...dependencies,
  ...peerDependencies,
});

/**
 * Whether a package is a bundle with everything in it: its package.json has `scripts.bundle`. What it imports are dependencies of
 * development, and it has none at run time.
 */
export const isBundled = ({ manifest }) => "bundle" in (manifest.scripts ?? {});

/** `core` for `@ledger-loader/core`; the names of other packages stay. */
export const shortName = (dependency) =>
  dependency.startsWith(SCOPE) ? dependency.slice(SCOPE.length) : dependency;

/** The package that an import leads to; `undefined` for Node.js's own modules. */
export function packageOf(specifier) {
  if (specifier.startsWith("node:") || builtinModules.includes(specifier)) return undefined;
  const parts = specifier.split("/");
  return specifier.startsWith("@") ? parts.slice(0, 2).join("/") : parts[0];
}

function folderOf(root, name) {
  if (name === "infra") return join(root, name);
  return name === "examples" ? join(root, "docs", name) : join(root, "packages", name);
}

function* filesOf(root, folder) {
  for (const absolute of sourceFiles(folder)) {
    const text = readFileSync(absolute, "utf8");
    const path = relative(folder, absolute);
    const { imports, functionLengths } = parseFile(absolute, text);
    yield {
      absolute,
      path: relative(root, absolute),
      text,
      isTest: path.endsWith(".test.ts") || path.startsWith("test/"),
      imports,
      functionLengths,
    };
  }
}

function* sourceFiles(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!["node_modules", "dist", "cdk.out"].includes(entry.name)) yield* sourceFiles(path);
    } else if (/\.[cm]?[jt]sx?$/.test(path) && !path.endsWith(".d.ts")) yield path;
  }
}
