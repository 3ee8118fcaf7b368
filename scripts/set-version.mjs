// SPDX-License-Identifier: MIT
// Gives every package the same version, and the changes under "Unreleased" in CHANGELOG.md the heading of that version.
// Usage: node scripts/set-version.mjs 0.2.0
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readWorkspace } from "./lib/boundaries/workspace.mjs";

const root = join(import.meta.dirname, "..");
const [version] = process.argv.slice(2);
if (!/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version ?? "")) {
  console.error("usage: node scripts/set-version.mjs MAJOR.MINOR.PATCH");
  process.exit(2);
}
for (const { folder, manifest } of readWorkspace(root)) {
  const text = `${JSON.stringify({ ...manifest, version }, null, 2)}\n`;
  writeFileSync(join(folder, "package.json"), text);
}
const changelog = join(root, "CHANGELOG.md");
const today = new Date().toISOString().slice(0, 10);
const text = readFileSync(changelog, "utf8");
writeFileSync(changelog, text.replace("## Unreleased\n", `## Unreleased\n\n## ${version} (${today})\n`));
console.log(
  `Every package has version ${version}. Look at the changes, commit them, and run ./scripts/release`,
);
