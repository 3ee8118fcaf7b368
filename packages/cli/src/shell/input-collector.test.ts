// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { InputCollector } from "./input-collector";
import { onOneLine } from "./statement-scanner";
import { placeInStatement } from "./statement-place";

/** The inputs of a text, each with its line. */
function collect(text: string, endsAtEmptyLine = false): readonly string[] {
  const collector = new InputCollector(endsAtEmptyLine);
  const inputs = text.split("\n").flatMap((line) => collector.add(line));
  return [...inputs, ...collector.end()].map(({ text: each, line }) => `${line} ${each}`);
}

describe("A shell's input", () => {
  it.each([
    ["SELECT 1; SELECT 2;\nSELECT\n3", ["1 SELECT 1", "1 SELECT 2", "2 SELECT\n3"]],
    ["SELECT ';''' , \"a;b\" ; x", ["1 SELECT ';''' , \"a;b\"", "1 x"]],
    ["-- no; thing\nSELECT 1 -- ; \n;", ["2 SELECT 1 -- ;"]],
    ["SELECT 1 -- ;\n;", ["1 SELECT 1 -- ;"]],
    ["/* a;\n b */ SELECT 1;\n\n;;", ["1 /* a;\n b */ SELECT 1"]],
    [
      "SELECT `{a: \"`;\", b: '''x`''', c: 'y`'}` ; z;",
      ["1 SELECT `{a: \"`;\", b: '''x`''', c: 'y`'}`", "1 z"],
    ],
    ["start\nINSERT\n'start'\n;\ncommit;\nexit", ["1 start", "2 INSERT\n'start'", "5 commit;", "6 exit"]],
    ["\n\n  \n-- nothing\n", []],
    ["SELECT 1\n\n;SELECT 1;", ["1 SELECT 1", "3 SELECT 1"]],
  ])("ends at semicolons, and at lines that are commands: %j", (text, inputs) => {
    expect(collect(text)).toEqual(inputs);
  });

  it("ends at an empty line where a person types, but not within quotes", () => {
    expect(collect("SELECT 1\n\nSELECT 'a\n\nb'\n", true)).toEqual(["1 SELECT 1", "3 SELECT 'a\n\nb'"]);
    expect(collect("SELECT 1\n\nFROM x", false)).toEqual(["1 SELECT 1\n\nFROM x"]);
  });

  it("takes no longer than it is long: looked at again with each line, this one would take hours", () => {
    const statement = Array.from({ length: 20_000 }, (_, n) => `  {'n': ${n}, 'text': "some; text"}`).join(
      "\n",
    );
    expect(collect(`${statement};`)).toEqual([`1 ${statement.trim()}`]);
  });

  it("is one line in the history, without comments", () => {
    expect(onOneLine("SELECT *\n  FROM Car -- all\nWHERE a = 1")).toBe("SELECT * FROM Car WHERE a = 1");
    expect(onOneLine("SELECT 'a  --b'\n/* c */ FROM Car")).toMatch(/^SELECT 'a {2}--b' +FROM Car$/);
  });
});

it("An error shows its line, with a mark below its place", () => {
  const statement = "SELECT *\nFROM Car WHEREE x";
  expect(placeInStatement(statement, "Expected the end. (line 2, column 10)")).toBe(
    "  FROM Car WHEREE x\n           ^",
  );
  expect(placeInStatement(`SELECT ${"a, ".repeat(80)} FROM`, "found it (line 1, column 200)")).toMatch(
    /^ {2}.{1,100}\n {42}\^$/,
  );
  expect(placeInStatement(statement, "No such table.")).toBeUndefined();
  expect(placeInStatement(statement, "Far (line 9, column 1)")).toBeUndefined();
});
