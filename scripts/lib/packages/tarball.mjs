// SPDX-License-Identifier: MIT
import { execFileSync } from "node:child_process";

const PREFIX = "package/";
const OUTPUT = { encoding: "utf8", maxBuffer: 2 ** 28 };

/** What a package's tarball holds: the paths of its files, and its manifest as it was packed. */
export function readTarball(file) {
  const list = execFileSync("tar", ["-tzf", file], OUTPUT).split("\n");
  const paths = list.filter((path) => path.startsWith(PREFIX)).map((path) => path.slice(PREFIX.length));
  const manifest = JSON.parse(execFileSync("tar", ["-xzOf", file, `${PREFIX}package.json`], OUTPUT));
  return { paths, manifest };
}

/** What is wrong with a tarball, as its users would find out. */
export function* tarballProblems({ paths, manifest }) {
  const files = new Set(paths);
  for (const name of ["README.md", "LICENSE"]) if (!files.has(name)) yield `has no ${name}`;
  const unwanted = /\.map$|\.tsbuildinfo$|\.test\.|^dist\/test\/|^src\/|^test\//;
  for (const path of paths.filter((each) => unwanted.test(each))) yield `holds ${path}`;
  if (JSON.stringify(manifest.exports).includes("ws-source")) yield "its exports lead to sources";
  for (const field of ["dependencies", "peerDependencies", "optionalDependencies"]) {
    for (const [name, version] of Object.entries(manifest[field] ?? {}))
      if (/^(?:workspace|catalog|link|file):/.test(version)) yield `${field}: ${name} is ${version}`;
  }
  for (const target of targetsOf(manifest)) if (!files.has(target)) yield `names ${target}, which it lacks`;
}

/** Every file that the manifest leads to. */
function targetsOf({ main, types, bin = {}, exports = {} }) {
  const found = [main, types, ...Object.values(bin)];
  for (const target of Object.values(exports))
    found.push(...(typeof target === "string" ? [target] : Object.values(target)));
  return found
    .filter((each) => each !== undefined && !each.includes("*"))
    .map((each) => each.replace(/^\.\//, ""));
}
