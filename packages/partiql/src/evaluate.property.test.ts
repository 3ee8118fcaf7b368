// SPDX-License-Identifier: MIT
import { PartiqlError } from "@ledger-loader/partiql";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { ionValue } from "../test/arbitrary-ion";
import { MemoryCatalog } from "../test/memory-catalog";
import { run, toText } from "../test/run";

const literal = ionValue.map((value) => `\`${toText(value)}\``);

/** The text of an expression of any shape, over values of every type. */
const expression = fc.letrec<{ expression: string }>((tie) => {
  const operand = tie("expression");
  const binary = fc.constantFrom(
    "+",
    "-",
    "*",
    "/",
    "%",
    "||",
    "=",
    "<>",
    "<",
    "<=",
    ">",
    ">=",
    "AND",
    "OR",
    "IN",
    "NOT IN",
    "LIKE",
  );
  const unary = fc.constantFrom("-", "+", "NOT");
  const functionName = fc.constantFrom(
    "CHAR_LENGTH",
    "LOWER",
    "UPPER",
    "TRIM",
    "SIZE",
    "EXISTS",
    "COALESCE",
    "TO_TIMESTAMP",
  );
  const type = fc.constantFrom(
    "NULL",
    "MISSING",
    "BOOL",
    "INT",
    "DECIMAL",
    "FLOAT",
    "TIMESTAMP",
    "STRING",
    "SYMBOL",
    "BLOB",
    "LIST",
    "SEXP",
    "STRUCT",
  );
  const part = fc.constantFrom("YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND");
  return {
    expression: fc.oneof(
      { maxDepth: 4 },
      literal,
      fc.constantFrom("x", "x.a", "x[0]", "MISSING", "NULL", "TRUE", "1", "-2.5", "'a%'"),
      fc.tuple(operand, binary, operand).map(([left, operator, right]) => `(${left} ${operator} ${right})`),
      fc.tuple(unary, operand).map(([operator, value]) => `(${operator} ${value})`),
      fc.tuple(functionName, operand).map(([name, value]) => `${name}(${value})`),
      fc.tuple(operand, type).map(([value, name]) => `CAST(${value} AS ${name})`),
      fc.tuple(operand, type).map(([value, name]) => `(${value} IS NOT ${name})`),
      fc
        .tuple(operand, operand, operand)
        .map(([value, low, high]) => `(${value} BETWEEN ${low} AND ${high})`),
      fc.tuple(operand, operand, operand).map((operands) => `SUBSTRING(${operands.join(", ")})`),
      fc.tuple(part, operand, operand).map((operands) => `DATE_ADD(${operands.join(", ")})`),
      fc.tuple(part, operand, operand).map((operands) => `DATE_DIFF(${operands.join(", ")})`),
      fc.tuple(part, operand).map(([name, value]) => `EXTRACT(${name} FROM ${value})`),
      fc.tuple(operand, operand).map(([value, format]) => `TO_STRING(${value}, ${format})`),
      fc.tuple(operand, operand).map(([value, format]) => `TO_TIMESTAMP(${value}, ${format})`),
      fc.tuple(operand, operand).map(([value, key]) => `(${value})[${key}]`),
      fc.array(operand, { maxLength: 3 }).map((elements) => `[${elements.join(", ")}]`),
      fc
        .array(operand, { maxLength: 2 })
        .map((elements) => `{${elements.map((element) => `'a': ${element}`).join(", ")}}`),
    ),
  };
}).expression;

/** The rows as text, or the code of the error; any error that is not PartiQL's own fails the test. */
async function outcome(statement: string): Promise<readonly string[]> {
  try {
    return (await run(new MemoryCatalog(), statement)).map(toText);
  } catch (error) {
    if (error instanceof PartiqlError) return [error.code];
    throw error;
  }
}

describe("any expression over values of any type", () => {
  it("has a value or an error of PartiQL's own, always the same", async () => {
    await fc.assert(
      fc.asyncProperty(expression, async (text) => {
        const statement = `SELECT VALUE ${text} FROM <<0, {'a': 1}, 'text'>> AS x`;
        expect(await outcome(statement)).toEqual(await outcome(statement));
      }),
      { numRuns: 800 },
    );
  });

  it("selects a row as a condition, leaves it out as its negation, or neither if it is unknown", async () => {
    await fc.assert(
      fc.asyncProperty(expression, async (text) => {
        const selected = await outcome(`SELECT x FROM <<1>> AS x WHERE ${text}`);
        const rejected = await outcome(`SELECT x FROM <<1>> AS x WHERE NOT ${text}`);
        const hasFailed = [selected, rejected].some(([first]) => first === "PARTIQL_EVALUATION");
        if (!hasFailed) expect(selected.length + rejected.length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 500 },
    );
  });
});
