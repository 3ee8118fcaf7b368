// SPDX-License-Identifier: MIT
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { isBundled, SCOPE, shippedDependencies } from "./workspace.mjs";

/**
 * Compares the project references of each package's tsconfig files with the dependencies that it declares, and returns
 * those that differ; with `write`, corrects them instead.
 */
export function referenceProblems(packages, { write }) {
  const problems = [];
  for (const one of packages) {
    const ours = (dependencies = {}) => Object.keys(dependencies).filter((name) => name.startsWith(SCOPE));
    const bundled = isBundled(one)
      ? ours(one.manifest.devDependencies).filter((name) => isImported(name, one))
      : [];
    const shipped = [...ours(shippedDependencies(one.manifest)), ...bundled];
    const tested = [...new Set([...shipped, ...ours(one.manifest.devDependencies)])];
    const pathsTo = (names) =>
      names
        .map((name) => relative(one.folder, packages.find(({ manifest }) => manifest.name === name).folder))
        .sort();
    const expected = {
      "tsconfig.json": pathsTo(shipped),
      "tsconfig.test.json": ["./tsconfig.json", ...pathsTo(tested)],
    };
    for (const [name, paths] of Object.entries(expected)) {
      const file = join(one.folder, name);
      if (existsSync(file) && !correct(file, paths, write)) {
        problems.push(
          `${one.path}/${name}: its references differ from package.json: run scripts/check-boundaries.mjs --write`,
        );
      }
    }
  }
  return problems;
}

/** Whether a file that is shipped imports it. */
function isImported(name, { files }) {
  return files.some(({ isTest, imports }) => !isTest && imports.includes(name));
}

/** Whether a file's references are these; with `write` they are afterwards. */
function correct(file, paths, write) {
  const { config, set } = readReferences(file);
  if (JSON.stringify(config) === JSON.stringify(paths)) return true;
  if (write) set(paths);
  return write;
}

function readReferences(file) {
  const text = readFileSync(file, "utf8");
  const found = /,?\s*"references": \[[^\]]*\]/.exec(text);
  const config = [...(found?.[0] ?? "").matchAll(/"path": "([^"]+)"/g)].map((match) => match[1]);
  const set = (paths) => {
    const lines = paths.map((path) => `    {\n      "path": ${JSON.stringify(path)}\n    }`).join(",\n");
    const references = paths.length === 0 ? "" : `,\n  "references": [\n${lines}\n  ]`;
    const rest = found === null ? text : text.replace(found[0], "");
    writeFileSync(file, rest.replace(/\s*}\s*$/, `${references}\n}\n`));
  };
  return { config, set };
}
