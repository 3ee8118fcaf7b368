// SPDX-License-Identifier: MIT
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isBundled, packageOf, SCOPE, shippedDependencies, shortName } from "./workspace.mjs";

/** Only tests and the authors of a writer or a channel import it. */
const TEST_ONLY = "testkit";
/** What is deployed imports packages, and no package imports it. */
const DEPLOYMENT = "infra";

/**
 * Reads which packages each one may import from the table under "Packages" in architecture.md: a row per package, whose
 * last cell names packages in backticks, or says `anything`.
 */
export function readArrows(markdown) {
  const arrows = new Map();
  for (const line of markdown.split("\n")) {
    const cells = line.split("|").map((cell) => cell.trim());
    const name = /^`([a-z]+)`/.exec(cells[1] ?? "")?.[1];
    if (name === undefined || cells.length !== 5) continue;
    const allowed = [...cells[3].matchAll(/`([^`]+)`/g)].map((match) => match[1]);
    arrows.set(name, cells[3].startsWith("anything") ? undefined : new Set(allowed));
  }
  return arrows;
}

/** What is wrong with the imports and dependencies of the packages, and with the table. */
export function* arrowProblems(packages, arrows) {
  for (const one of packages) {
    if (!arrows.has(one.name)) {
      yield `${one.path}: architecture.md has no row that says what it may import`;
      continue;
    }
    yield* importProblems(one, arrows.get(one.name), packages);
    yield* dependencyProblems(one, arrows.get(one.name));
  }
  for (const name of arrows.keys()) {
    if (!packages.some((one) => one.name === name)) yield `architecture.md: there is no package ${name}`;
  }
}

function* importProblems(one, allowed, packages) {
  for (const file of one.files) {
    for (const specifier of file.imports) {
      const where = `${file.path}: imports ${specifier}`;
      if (specifier.startsWith(".")) {
        if (!join(file.absolute, "..", specifier).startsWith(one.folder))
          yield `${where}: a relative path may not leave the package: import it by its public name`;
        continue;
      }
      const dependency = packageOf(specifier);
      if (dependency === undefined || dependency === one.manifest.name) continue;
      if (!isPublic(specifier, dependency, packages))
        yield `${where}: only a package's public entries may be imported`;
      if (!file.isTest && !isAllowed(one.name, allowed, dependency))
        yield `${where}, which architecture.md does not allow`;
      if (!isDeclared(one.manifest, dependency, file.isTest || isBundled(one)))
        yield `${where}, which ${one.path}/package.json does not declare`;
    }
  }
}

/** Dependencies that nothing imports, or only tests; rows of the table that allow what nothing imports. */
function* dependencyProblems(one, allowed) {
  const used = (isTest) => one.files.filter((file) => isTest || !file.isTest);
  const where = `${one.path}/package.json`;
  const shipped = shippedDependencies(one.manifest);
  for (const dependency of Object.keys(shipped)) {
    if (!isAllowed(one.name, allowed, dependency))
      yield `${where}: architecture.md does not allow ${dependency}`;
    if (!isMentioned(dependency, used(false)) && !isPeer(dependency, one))
      yield `${where}: nothing that is shipped imports ${dependency}`;
  }
  for (const dependency of Object.keys(one.manifest.devDependencies ?? {})) {
    // What users bring is installed here for the tests.
    if (dependency in shipped) continue;
    if (!isMentioned(dependency, used(true)) && !isPeer(dependency, one))
      yield `${where}: no test imports ${dependency}`;
  }
  const { devDependencies } = one.manifest;
  if (isBundled(one) && Object.keys(shipped).length > 0)
    yield `${where}: a bundle has no dependencies at run time`;
  for (const name of allowed ?? []) {
    if (
      !Object.keys(isBundled(one) ? devDependencies : shipped)
        .map(shortName)
        .includes(name)
    )
      yield `architecture.md: ${one.name} may import ${name}, but does not`;
  }
}

/** Whether a file imports it, resolves it or starts it by its name. */
function isMentioned(dependency, files) {
  const name = dependency.replace(/^@types\//, "");
  return files.some(({ text }) => text.includes(`"${name}"`) || text.includes(`"${name}/`));
}

/** Whether another dependency of the package asks for it: what it expects beside itself must be declared. */
function isPeer(dependency, { folder, manifest }) {
  return Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).some((name) => {
    const file = join(folder, "node_modules", name, "package.json");
    return existsSync(file) && dependency in (JSON.parse(readFileSync(file, "utf8")).peerDependencies ?? {});
  });
}

function isAllowed(name, allowed, dependency) {
  const short = shortName(dependency);
  if (short === DEPLOYMENT) return false;
  if (short === TEST_ONLY && dependency.startsWith(SCOPE)) return name === "examples";
  return allowed === undefined || allowed.has(short) || allowed.has(`@types/${short}`);
}

/** A package's types come from `@types/…` when only types are imported: `aws-lambda` has no code. */
function isDeclared({ dependencies, peerDependencies, devDependencies }, dependency, isTest) {
  const all = { ...dependencies, ...peerDependencies, ...(isTest ? devDependencies : {}) };
  // The root declares what all tests share.
  if (isTest && ["@jest/globals", "fast-check", "esbuild", "typescript"].includes(dependency)) return true;
  return dependency in all || `@types/${dependency}` in { ...all, ...devDependencies };
}

/** Whether the `exports` of one of our packages name it; foreign packages see to that themselves. */
function isPublic(specifier, dependency, packages) {
  if (!dependency.startsWith(SCOPE)) return true;
  const found = packages.find(({ manifest }) => manifest.name === dependency);
  return found !== undefined && `.${specifier.slice(dependency.length)}` in found.manifest.exports;
}
