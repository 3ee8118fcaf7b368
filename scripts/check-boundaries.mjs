// SPDX-License-Identifier: MIT
// Fails when the packages differ from the table in docs/internals/architecture.md: an import that no row allows, one that is
// not declared, a dependency that nothing uses, a stale row; when a tsconfig's references differ from package.json
// (--write corrects them); when files import one another in a circle, are too long, or too many in one folder.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { arrowProblems, readArrows } from "./lib/boundaries/arrows.mjs";
import { referenceProblems } from "./lib/boundaries/references.mjs";
import { shapeProblems } from "./lib/boundaries/shape.mjs";
import { readWorkspace } from "./lib/boundaries/workspace.mjs";

const root = join(import.meta.dirname, "..");
const packages = readWorkspace(root);
const arrows = readArrows(readFileSync(join(root, "docs/internals/architecture.md"), "utf8"));

const problems = [
  ...arrowProblems(packages, arrows),
  ...referenceProblems(packages, { write: process.argv.includes("--write") }),
  ...shapeProblems(packages),
];
if (problems.length > 0) {
  console.error(problems.join("\n"));
  process.exit(1);
}
console.log(
  `every import of ${packages.length} packages follows an arrow of architecture.md; no file circles back`,
);
