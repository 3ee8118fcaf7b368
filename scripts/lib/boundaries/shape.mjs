// SPDX-License-Identifier: MIT
import { dirname, join } from "node:path";

/** Folders whose files call one another by nature: expressions hold queries, and queries hold expressions. */
const MUTUAL = ["packages/partiql/src/syntax", "packages/partiql/src/plan"];
const MAX_LINES = 350;
const MAX_FILES = 30;
/** Nine of ten functions and methods with a name have at most so many lines. */
const MAX_P90 = 20;

/** Files that import one another in a circle, files that are too long, folders that are too full, long functions. */
export function* shapeProblems(packages) {
  const sources = packages.flatMap(({ files }) => files.filter(({ isTest }) => !isTest));
  for (const circle of circlesOf(sources)) {
    const isMutual = MUTUAL.some((folder) => circle.every((path) => dirname(path) === folder));
    if (!isMutual) yield `these files import one another in a circle: ${circle.join(", ")}`;
  }
  for (const { path, text } of packages.flatMap(({ files }) => files)) {
    const lines = text.split("\n").length - 1;
    if (lines > MAX_LINES && !path.endsWith(".test.ts"))
      yield `${path}: ${lines} lines, more than ${MAX_LINES}: split it`;
  }
  const folders = groupByFolder(sources);
  for (const [folder, files] of folders) {
    if (files.length > MAX_FILES)
      yield `${folder}: ${files.length} source files, more than ${MAX_FILES}: make folders`;
  }
  const lengths = sources.flatMap(({ functionLengths }) => functionLengths).sort((a, b) => a - b);
  const p90 = lengths[Math.floor(lengths.length * 0.9)] ?? 0;
  if (p90 > MAX_P90) yield `a tenth of all functions has ${p90} lines or more: aim at ${MAX_P90}`;
}

function groupByFolder(sources) {
  const folders = new Map();
  for (const file of sources) {
    const folder = dirname(file.path);
    folders.set(folder, [...(folders.get(folder) ?? []), file]);
  }
  return folders;
}

/** The strongly connected components of more than one file (Tarjan 1972). */
function circlesOf(sources) {
  const paths = new Set(sources.map(({ path }) => path));
  const targets = new Map(sources.map((file) => [file.path, relativeImports(file, paths)]));
  const order = new Map();
  const lowest = new Map();
  const open = [];
  const circles = [];
  const visit = (path) => {
    order.set(path, order.size);
    lowest.set(path, order.get(path));
    open.push(path);
    for (const target of targets.get(path)) {
      if (!order.has(target)) visit(target);
      if (open.includes(target)) lowest.set(path, Math.min(lowest.get(path), lowest.get(target)));
    }
    if (lowest.get(path) !== order.get(path)) return;
    const component = open.splice(open.indexOf(path));
    if (component.length > 1) circles.push(component.sort());
  };
  for (const path of paths) if (!order.has(path)) visit(path);
  return circles;
}

function relativeImports({ path, imports }, paths) {
  return imports
    .filter((specifier) => specifier.startsWith("."))
    .map((specifier) => join(dirname(path), specifier))
    .flatMap((base) =>
      [`${base}.ts`, `${base}.tsx`, join(base, "index.ts")].filter((candidate) => paths.has(candidate)),
    );
}
