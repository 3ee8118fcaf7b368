// SPDX-License-Identifier: MIT
// Bundles the pages of packages/explorer into its dist/page: index.html with app.js for a ledger server, worker.html
// with worker.js for a worker, and their style, with everything in them that the pages need.
// The packages ion and journal run in the browser: shims take the place of the modules of Node.js that they import.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";

const explorer = join(import.meta.dirname, "..", "packages", "explorer");
const source = join(explorer, "src");
const output = join(explorer, "dist", "page");

rmSync(output, { recursive: true, force: true });
mkdirSync(output, { recursive: true });
const { metafile } = await build({
  entryPoints: { app: join(source, "main.tsx"), worker: join(source, "worker", "main.tsx") },
  outdir: output,
  bundle: true,
  minify: true,
  platform: "browser",
  format: "esm",
  target: ["es2022"],
  // The packages of this repository are bundled from their sources.
  conditions: ["ws-source"],
  alias: {
    "node:crypto": join(source, "shims", "node-crypto.ts"),
    "node:buffer": join(source, "shims", "node-buffer.ts"),
  },
  inject: [join(source, "shims", "buffer-global.ts")],
  metafile: true,
  legalComments: "none",
  logLevel: "warning",
});
for (const name of ["index.html", "worker.html", "app.css", "icon.svg"])
  copyFileSync(join(source, name), join(output, name));
writeFileSync(join(output, "third-party.txt"), licencesOf(bundledFiles(metafile)));

/** The files of which something is in the bundle. */
function bundledFiles({ outputs }) {
  return Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? file : [])),
  );
}

/** The licences of the packages of others that the bundle contains: each asks to stand beside copies of its package. */
function licencesOf(files) {
  const folders = new Set(files.flatMap((file) => packageFolder(file) ?? []));
  const texts = [...folders].map((folder) => {
    const { name, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const file = readdirSync(folder).find((each) => /^licen[cs]e(\.|$)/i.test(each));
    if (file === undefined)
      throw new Error(`Expected a licence in ${folder}, found none: leave the package out.`);
    return `${name} ${version}\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
  });
  return texts.sort().join(`\n${"-".repeat(72)}\n\n`);
}

/** The folder of the package of others that a file belongs to. */
function packageFolder(file) {
  const path = resolve(file);
  if (!path.includes("/node_modules/")) return undefined;
  const [folder] = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path);
  return folder;
}
