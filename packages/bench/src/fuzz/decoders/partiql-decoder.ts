// SPDX-License-Identifier: MIT
import { compile } from "@ledger-loader/partiql";
import { readFixture } from "../fixtures";
import { type FuzzedDecoder, repeated } from "../fuzzed-decoder";

const TRANSCRIPTS = ["additions", "basics", "changes", "errors", "functions", "queries", "tutorial"];

/** A longer statement is refused before anything is read. */
const LONGEST = 100_000;

/** The statements of the transcripts, which stand behind `> `. */
function statements(): readonly Buffer[] {
  return TRANSCRIPTS.flatMap((name) =>
    readFixture("partiql", `transcripts/${name}.txt`)
      .toString()
      .split("\n")
      .filter((line) => line.startsWith("> "))
      .map((line) => Buffer.from(line.slice(2))),
  );
}

/** The parser of statements. Bytes that are not UTF-8 are replaced before, as the server's JSON does it. */
export const partiqlDecoder: FuzzedDecoder = {
  name: "partiql",
  what: "statements in PartiQL, parsed and planned",
  samples: statements,
  words: [
    "SELECT ",
    "FROM ",
    "WHERE ",
    "GROUP BY ",
    "ORDER BY ",
    "CASE WHEN ",
    " END",
    "<<",
    ">>",
    "'",
    '"',
    "`",
    "?",
    "||",
    " AND ",
    " IN ",
    " LIKE ",
    "CAST(",
    " AS ",
    "--",
    "/*",
    "*",
    "@",
    "EXPLAIN ",
    "INSERT INTO ",
    ".",
  ],
  brackets: [
    ["(", ")"],
    ["[", "]"],
    ["<<", ">>"],
    ["{'a':", "}"],
    ["NOT ", ""],
    ["-", ""],
    ["a.", ""],
    ["EXPLAIN ", ""],
  ],
  large: (bytes) => [
    repeated(Math.min(bytes, LONGEST), "a = 'text of some length' AND ", "SELECT * FROM T WHERE ", "b = 1"),
    repeated(Math.min(bytes, LONGEST), "{'name': 'text', 'n': 12.5}, ", "INSERT INTO T << ", "{} >>"),
    repeated(Math.min(bytes, LONGEST), "x", "SELECT '", "' FROM T"),
  ],
  dense: (bytes) => [
    repeated(Math.min(bytes, LONGEST), "0,", "SELECT * FROM T WHERE a IN [", "0]"),
    repeated(Math.min(bytes, LONGEST), "{},", "SELECT * FROM << ", "{} >>"),
  ],
  decode: (input) => compile(Buffer.from(input).toString()).parameterCount,
};
