// SPDX-License-Identifier: MIT
// Packs every published package into a folder, as the registry would get it, and checks each tarball: README and licence are
// in it, tests and maps are not, its manifest leads to files that are there, and to no source. publint looks at each. The packages MUST be built.
//
// Usage: node scripts/pack.mjs FOLDER [PNPM COMMAND...]
// Prints the tarballs, one a line, each after those that it depends on.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { readWorkspace } from "./lib/boundaries/workspace.mjs";
import { isPublished } from "./lib/packages/publication.mjs";
import { readTarball, tarballProblems } from "./lib/packages/tarball.mjs";
import { inDependencyOrder } from "./lib/packages/workspace-order.mjs";

const [folder, ...words] = process.argv.slice(2);
if (folder === undefined) {
  console.error("usage: node scripts/pack.mjs FOLDER [PNPM COMMAND...]");
  process.exit(2);
}
const pnpm = words.length > 0 ? words : ["pnpm"];
const root = join(import.meta.dirname, "..");
const destination = resolve(folder);
mkdirSync(destination, { recursive: true });

const published = inDependencyOrder(readWorkspace(root).filter(isPublished));
pack(published.map(({ manifest }) => manifest.name));

const problems = [];
for (const { manifest } of published) {
  const tarball = tarballOf(manifest);
  const found = [...tarballProblems(readTarball(tarball)), ...(await lint(tarball))];
  problems.push(...found.map((problem) => `${manifest.name}: ${problem}`));
  console.log(tarball);
}
if (problems.length > 0) {
  console.error(problems.join("\n"));
  process.exit(1);
}

async function lint(tarball) {
  // A buffer of its own: Node.js keeps small files in one that they share.
  const { buffer } = Uint8Array.from(readFileSync(tarball));
  const { messages, pkg } = await publint({ pack: { tarball: buffer }, strict: true });
  return messages.map((message) => formatMessage(message, pkg, { color: false }));
}

function pack(names) {
  const [program, ...rest] = pnpm;
  const filters = names.flatMap((name) => ["--filter", name]);
  execFileSync(program, [...rest, "--recursive", ...filters, "pack", "--pack-destination", destination], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
  });
}

function tarballOf({ name, version }) {
  return join(destination, `${name.replace("@", "").replace("/", "-")}-${version}.tgz`);
}
