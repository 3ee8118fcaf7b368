// SPDX-License-Identifier: MIT
// Bundles the page of packages/explorer into its dist/page: index.html, app.js, app.css and icon.svg, with everything in them that the page needs.
// The packages ion and journal run in the browser: shims take the place of the modules of Node.js that they import.
import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const explorer = join(import.meta.dirname, "..", "packages", "explorer");
const source = join(explorer, "src");
const output = join(explorer, "dist", "page");

rmSync(output, { recursive: true, force: true });
mkdirSync(output, { recursive: true });
await build({
  entryPoints: { app: join(source, "main.tsx") },
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
  legalComments: "eof",
  logLevel: "warning",
});
for (const name of ["index.html", "app.css", "icon.svg"])
  copyFileSync(join(source, name), join(output, name));
