// SPDX-License-Identifier: MIT
// Fails when the manifest of a published package lacks what the registry, old resolvers and its users need, when a
// package asks for a version of the AWS SDK of its own, or when a published package has no README.
// Run with `--write` to correct what follows from the root's package.json and from the package's `exports`.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readWorkspace } from "./lib/boundaries/workspace.mjs";
import {
  catalogProblems,
  isPublished,
  publicationProblems,
  publishedManifest,
} from "./lib/packages/publication.mjs";

const root = join(import.meta.dirname, "..");
const rootManifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const packages = readWorkspace(root);
const published = packages.filter(isPublished);
const privateNames = new Set(
  packages.filter((one) => !isPublished(one)).map(({ manifest }) => manifest.name),
);
const problems = packages.flatMap((one) => [...catalogProblems(one)]);

for (const one of published) {
  const readmeFile = join(one.folder, "README.md");
  const readme = existsSync(readmeFile) ? readFileSync(readmeFile, "utf8") : "";
  problems.push(...publicationProblems(one, { readme, privateNames }));
  correctManifest(one);
}

if (problems.length > 0) {
  console.error(problems.join("\n"));
  process.exit(1);
}
console.log(
  `${published.length} packages can be published, ${packages.length - published.length} are private`,
);

function correctManifest(one) {
  const file = join(one.folder, "package.json");
  const text = `${JSON.stringify(publishedManifest(one, rootManifest), null, 2)}\n`;
  if (readFileSync(file, "utf8") === text) return;
  if (process.argv.includes("--write")) writeFileSync(file, text);
  else
    problems.push(
      `${one.path}/package.json: differs from what its exports and the root's package.json make of it: run node scripts/check-packages.mjs --write`,
    );
}
