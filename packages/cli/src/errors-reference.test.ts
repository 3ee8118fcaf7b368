// SPDX-License-Identifier: MIT
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";

const root = join(__dirname, "..", "..", "..");
const page = readFileSync(join(root, "docs", "reference", "errors.md"), "utf8");

/** A row of the reference, or a class in the sources: `core: LEDGER_UNAVAILABLE LedgerUnavailableError`. */
type Row = string;

/** A class that is exported and has a code of its own, up to that code. */
const ERROR_CLASS = /^export class (\w+) extends \w+ \{(?:(?!^\})[^])*?\bcode = "(\w+)"/gm;

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /(?<!\.test|\.d)\.ts$/.test(name) && !name.includes("node_modules"))
    .map((name) => join(folder, name));
}

function declared(name: string, folder: string): Row[] {
  return sourceFiles(folder).flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(ERROR_CLASS)].map(
      ([, className = "", code = ""]): Row => `${name}: ${code} ${className}`,
    ),
  );
}

function documented(): Row[] {
  return page.split("\n## ").flatMap((section) => {
    const name = /^`@ledger-loader\/(\w+)`/.exec(section)?.[1] ?? "";
    const rows = [...section.matchAll(/^\| `(\w+)` +\| `(\w+)` +\|/gm)];
    return rows.map(([, code = "", className = ""]): Row => `${name}: ${code} ${className}`);
  });
}

const packages = readdirSync(join(root, "packages")).map((name) => [
  name,
  join(root, "packages", name, "src"),
]);
const folders = [...packages, ["infra", join(root, "infra", "lib")]] as [name: string, folder: string][];

describe("the reference of errors", () => {
  it("lists every error class of every package with its code, and none besides", () => {
    const rows = folders.flatMap(([name, folder]) => declared(name, folder));
    expect(rows).toEqual(expect.arrayContaining(["partiql: PARTIQL_SYNTAX PartiqlSyntaxError"]));
    expect(documented().toSorted()).toEqual(rows.toSorted());
  });

  it("has no code twice", () => {
    const codes = documented().map((row) => row.split(" ")[1]);
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
  });
});
