// SPDX-License-Identifier: MIT
import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";

const PAGE = join(__dirname, "..", "..", "..", "docs", "internals", "holding.md");

/** Puts a table of results between the page's markers of that name, with the machine that gave them. */
export function writeTable(name: string, table: string): void {
  const page = readFileSync(PAGE, "utf8");
  const [begin, end] = [`<!-- ${name}: generated -->`, `<!-- /${name} -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from)
    throw new Error(`Expected "${begin}" and "${end}" in ${PAGE}, found no such pair.`);
  const machine = `Node.js ${process.version}, ${cpus().length} cores, ${cpus()[0]?.model.trim() ?? "unknown processor"}.`;
  const parts = [page.slice(0, from + begin.length), machine, table, page.slice(to)];
  writeFileSync(PAGE, parts.join("\n\n"));
}
