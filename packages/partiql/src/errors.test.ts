// SPDX-License-Identifier: MIT
import { expect, it } from "@jest/globals";
import { compile, PartiqlError } from "@ledger-loader/partiql";

function refusalOf(text: string): string {
  try {
    compile(text);
  } catch (error) {
    if (error instanceof PartiqlError) return error.message;
    throw error;
  }
  throw new Error("Expected a statement that is refused, found one that is not.");
}

it.each([
  ["DEL", "SELECT \u007f FROM T"],
  ["a C1 control in a name", 'SELECT a FROM "\u009b31m" AS a, b AS "\u009b31m", c AS "\u009b31m"'],
  ["a change of direction in a name", 'SELECT "\u202eabc"(1) FROM T'],
  ["an escape in a variable", `INSERT INTO T VALUE {'a': "\u001b[31m"}`],
])("shows no character that a terminal obeys: %s", (_what, text) => {
  expect(refusalOf(text)).toMatch(/^[^\p{Cc}\u2028-\u202e\u2066-\u2069]+$/u);
});

it.each(["^", "SELECT 1 ^", "SELECT 1 ^ 2", "SELECT a FROM T AS t WHERE t.a !", "SELECT 1 é1"])(
  "names the character that is no PartiQL, at the end too: %s",
  (text) => {
    expect(refusalOf(text)).toMatch(/found the character "[!^é]"/);
  },
);

it.each([
  ["a variable", `INSERT INTO T VALUE {'a': ${"x".repeat(90_000)}}`],
  ["a function", `SELECT ${"x".repeat(90_000)}(1) FROM T`],
  ["a word", `SELECT a FROM T AS t ${"x".repeat(90_000)}`],
])("cuts a long text of the statement, and still says where and what to do: %s", (_what, text) => {
  const message = refusalOf(text);
  expect(message.length).toBeLessThan(700);
  expect(message).toContain("x…x");
  expect(message).toMatch(/\(line 1, column \d+\)$/);
});
