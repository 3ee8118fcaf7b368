// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import {
  type Identifier,
  InvalidIdentifierError,
  parseIdentifier,
  quoteIdentifier,
} from "@ledger-loader/core";
import fc from "fast-check";

describe("An identifier", () => {
  it.each(["T", "_t", "a1", "SELECT", "x".repeat(128)])("may be %s, and is quoted", (name) => {
    expect(quoteIdentifier(parseIdentifier(name))).toBe(`"${name}"`);
  });

  it.each([
    "",
    "1a",
    "T; DROP",
    `T" SET`,
    "a-b",
    "a b",
    "ä",
    "_ql_committed_T",
    "x".repeat(129),
    "T\n",
    "T\0",
  ])("cannot be %p", (name) => {
    expect(() => parseIdentifier(name)).toThrow(InvalidIdentifierError);
  });

  it("cannot be used for injection: what is quoted is one quoted word, a cast notwithstanding", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('"', "'", ";", "-", " ", "T", "\\") })),
        (text) => {
          let quoted: string;
          try {
            quoted = quoteIdentifier(text as Identifier);
          } catch (error) {
            expect(error).toBeInstanceOf(InvalidIdentifierError);
            return;
          }
          expect(quoted).toMatch(/^"[A-Za-z_][A-Za-z0-9_]*"$/);
        },
      ),
    );
  });
});
