// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { alignHistories, type Alignment, type Fingerprint } from "./align-histories";

const history = (text: string): Fingerprint[] =>
  Array.from(text, (content, ordinal) => ({ ordinal, content }));

/** A history as text: `B1` is content B at place 1. */
function say(alignments: readonly Alignment<Fingerprint, Fingerprint>[]): string {
  const place = (f: Fingerprint): string => `${f.content}${String(f.ordinal)}`;
  return alignments
    .filter((a) => a.kind !== "same")
    .map((a) => {
      if (a.kind === "missing") return `missing ${place(a.source)}`;
      if (a.kind === "extra") return `extra ${place(a.target)}`;
      return `${a.kind} ${place(a.source)}>${place(a.target)}`;
    })
    .join(", ");
}

const compare = (source: string, target: string): string =>
  say(alignHistories(history(source), history(target)));

describe("alignHistories", () => {
  it.each([
    ["ABCD", "ABCD", ""],
    ["", "", ""],
    ["ABCD", "ACD", "missing B1"],
    ["ABCD", "BCD", "missing A0"],
    ["ABCD", "ABC", "missing D3"],
    ["ABCD", "ABxCD", "extra x2"],
    ["ABCD", "ABxD", "altered C2>x2"],
    ["ABCD", "xBCD", "altered A0>x0"],
    ["ABCD", "", "missing A0, missing B1, missing C2, missing D3"],
    ["", "AB", "extra A0, extra B1"],
    ["ABCD", "ABBCD", "extra B2"],
    ["ABCDE", "AxyDE", "altered B1>x1, altered C2>y2"],
  ])("%s against %s: %s", (source, target, expected) => {
    expect(compare(source, target)).toBe(expected);
  });

  it("names one of two swapped revisions as moved, and nothing else", () => {
    expect(compare("ABCD", "ACBD")).toMatch(/^moved (B1>B2|C2>C1)$/);
  });

  it("uses the version where content cannot tell which of two equal revisions is missing", () => {
    const source = history("AAAB");
    const target = [0, 2, 3].map((ordinal) => ({ ordinal, content: ordinal === 3 ? "B" : "A" }));
    expect(say(alignHistories(source, target))).toBe("missing A1");
  });

  it("takes a target for its alternative", () => {
    const target = [{ ordinal: 0, content: "A+id", alternative: "A" }];
    expect(say(alignHistories(history("A"), target))).toBe("");
  });

  it("compares long histories that share little place by place, in bounded time", () => {
    const source = Array.from({ length: 3_000 }, (_, ordinal) => ({
      ordinal,
      content: `s${String(ordinal)}`,
    }));
    const target = source.map((f) => (f.ordinal % 2 === 0 ? f : { ...f, content: `t${String(f.ordinal)}` }));
    const altered = alignHistories(source, target).filter((a) => a.kind === "altered");
    expect(altered).toHaveLength(1_500);
  });
});

const contents = fc
  .array(fc.constantFrom("A", "B", "C"), { minLength: 1, maxLength: 8 })
  .map((a) => a.join(""));

describe("alignHistories, any history", () => {
  it("finds equal histories the same", () => {
    fc.assert(fc.property(contents, (text) => compare(text, text) === ""));
  });

  it("finds one removed revision as one missing, one added as one extra", () => {
    fc.assert(
      fc.property(contents, fc.nat(), (text, where) => {
        const at = where % text.length;
        const shorter = text.slice(0, at) + text.slice(at + 1);
        expect(compare(text, shorter)).toMatch(/^missing \w\d$/);
        expect(compare(shorter, text)).toMatch(/^extra \w\d$/);
      }),
    );
  });

  it("finds one altered revision in its place", () => {
    fc.assert(
      fc.property(contents, fc.nat(), (text, where) => {
        const at = where % text.length;
        const altered = `${text.slice(0, at)}x${text.slice(at + 1)}`;
        expect(compare(text, altered)).toBe(`altered ${text.charAt(at)}${String(at)}>x${String(at)}`);
      }),
    );
  });

  it("accounts for every revision of both sides exactly once, and is silent only on equal histories", () => {
    fc.assert(
      fc.property(contents, contents, (a, b) => {
        const alignments = alignHistories(history(a), history(b));
        const sources = alignments.flatMap((x) => (x.kind === "extra" ? [] : [x.source.ordinal]));
        const targets = alignments.flatMap((x) => (x.kind === "missing" ? [] : [x.target.ordinal]));
        expect(sources.sort()).toEqual(Array.from(a, (_, i) => i));
        expect(targets.sort()).toEqual(Array.from(b, (_, i) => i));
        expect(alignments.every((x) => x.kind === "same")).toBe(a === b);
      }),
    );
  });
});
