// SPDX-License-Identifier: MIT
// Runs the crash tests at length (`pnpm crash`): kills, full and failing disks, damaged logs, the order of syncs.
//
// Prints the table of results, and writes it to docs/internals/holding-crash.md with `--write`. Other arguments go to Jest.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const BEGIN = "<!-- results: pnpm crash --write -->\n";
const END = "<!-- end of results -->";
const root = join(import.meta.dirname, "..");
const page = join(root, "docs/internals/holding-crash.md");
const words = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "crash-results-"));
const results = join(folder, "results.jsonl");

const jest = spawnSync(
  join(root, "node_modules/.bin/jest"),
  ["--runInBand", "--testPathPatterns", "/crash", ...words.filter((word) => word !== "--write")],
  { cwd: root, stdio: "inherit", env: { ...process.env, CRASH_FULL: "1", CRASH_RESULTS: results } },
);
const rows = existsSync(results) ? readFileSync(results, "utf8").trim().split("\n").map(toRow) : [];
rmSync(folder, { recursive: true });
const table = ["| attack | tried | outcome |", "| --- | --- | --- |", ...rows].join("\n");
console.log(`\n${table}`);
if (jest.status === 0 && words.includes("--write")) writeTable(table);
process.exit(jest.status ?? 1);

function toRow(line) {
  const { attack, tried, outcome } = JSON.parse(line);
  return `| ${attack} | ${tried} | ${outcome} |`;
}

function writeTable(text) {
  const before = readFileSync(page, "utf8");
  const [head] = before.split(BEGIN);
  const tail = before.slice(before.indexOf(END));
  writeFileSync(page, `${head}${BEGIN}\n${text}\n\n${tail}`);
  spawnSync(join(root, "node_modules/.bin/prettier"), ["--write", page], { stdio: "inherit" });
}
