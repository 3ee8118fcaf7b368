// SPDX-License-Identifier: MIT
// Runs tests at length, and makes a table of what they record: a line of JSON for each row.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dirname, "..", "..");

/**
 * Runs the tests of a pattern and prints the table; returns the exit code.
 *
 * @param toEnvironment - what the tests are told, for the file that they record to.
 * @param page - where `write` puts the table, between `begin` and `end`.
 */
export function runAtLength({ pattern, words, toEnvironment, write, page, begin, end }) {
  const folder = mkdtempSync(join(tmpdir(), "results-"));
  const results = join(folder, "results.jsonl");
  const jest = spawnSync(
    join(root, "node_modules/.bin/jest"),
    ["--runInBand", "--testPathPatterns", pattern, ...words],
    { cwd: root, stdio: "inherit", env: { ...process.env, ...toEnvironment(results) } },
  );
  const rows = existsSync(results) ? readFileSync(results, "utf8").trim().split("\n").map(toRow) : [];
  rmSync(folder, { recursive: true });
  const table = ["| attack | tried | outcome |", "| --- | --- | --- |", ...rows].join("\n");
  console.log(`\n${table}`);
  if (jest.status === 0 && write) writeTable(join(root, page), begin, end, table);
  return jest.status ?? 1;
}

function toRow(line) {
  const { attack, tried, outcome } = JSON.parse(line);
  return `| ${attack} | ${tried} | ${outcome} |`;
}

function writeTable(page, begin, end, table) {
  const before = readFileSync(page, "utf8");
  const [head] = before.split(begin);
  writeFileSync(page, `${head}${begin}\n\n${table}\n\n${before.slice(before.indexOf(end))}`);
  spawnSync(join(root, "node_modules/.bin/prettier"), ["--write", page], { stdio: "inherit" });
}
