// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { afterUncheckedContent, nextAfterExport } from "./verification-next";
import type { PrintedFinding, PrintedReport } from "./verification-text";

const STRAND = "KmA3ZZca7vAIiJAK9S5Iwl";

function finding(severity: PrintedFinding["severity"], rule: string): PrintedFinding {
  return { severity, rule, message: `${rule}.` };
}

function anchor(status: "verified" | "unchecked", sequenceNo: number): PrintedReport["anchors"][number] {
  return { kind: "digest", status, blockAddress: { strandId: STRAND, sequenceNo } };
}

/** A report as far as the next step follows from it: blocks 0 to 9, unless said otherwise. */
function report(verdict: PrintedReport["verdict"], more: Partial<PrintedReport> = {}): PrintedReport {
  const findings = more.findings ?? [];
  const findingCounts = Object.fromEntries(findings.map(({ rule }) => [rule, 1]));
  const tally = { unrecomputed: 0 } as PrintedReport["tally"];
  const base = {
    range: { first: 0, last: 9 },
    strandId: STRAND,
    anchors: [],
    tally,
    findings,
    findingCounts,
  };
  return { ...base, ...more, verdict } as PrintedReport;
}

const next = (verdict: PrintedReport["verdict"], more?: Partial<PrintedReport>): string =>
  nextAfterExport(report(verdict, more), ["./my export"]);

describe("the next step after an export", () => {
  it("that passed is a digest from outside, or with one, the replay, as a command that can be pasted", () => {
    const command = /\n.*ledger-loader export replay '\.\/my export' --to ledger:NAME$/;
    expect(next("passed", { assurance: "consistent" })).toMatch(
      /^next: verify against a digest from outside/,
    );
    expect(next("passed", { assurance: "anchored" })).toMatch(/^next: replay it\n/);
    expect(next("passed", { assurance: "anchored" })).toMatch(command);
  });

  it.each([
    [["object-missing", "link"], "copy the missing objects from where they were exported to"],
    [["object-content"], "copy those that differ again"],
    [["object-range", "malformed-block"], "copy those that differ again"],
    [["revision-missing"], "get the objects again"],
    [["revision-missing", "revision-hash"], "the content was changed before this copy"],
    [["digest"], "treat the export as rewritten"],
    [["digest", "proof"], "treat the export as rewritten"],
    [["revision-hash"], "the content was changed before this copy"],
    [["digest", "revision-hash"], "the content was changed before this copy"],
    [[], "the content was changed before this copy"],
  ])("that failed by %j follows from these findings", (rules, step) => {
    expect(next("failed", { findings: rules.map((rule) => finding("failed", rule)) })).toContain(step);
  });

  it.each([
    ["digest", `supply a digest and proofs of strand ${STRAND}`],
    ["proof", `supply a digest and proofs of strand ${STRAND}`],
    ["object-content", "replace the objects named above"],
  ])("that cannot be compared for its %s names what to supply", (rule, step) => {
    expect(next("not-comparable", { findings: [finding("not-comparable", rule)] })).toContain(step);
  });

  it.each<readonly [string, Partial<PrintedReport>, string]>([
    ["an object", { findings: [finding("incomplete", "object-missing")] }, "copy the missing objects beside"],
    ["a newer block", { anchors: [anchor("unchecked", 12)] }, "add an export that reaches block 12"],
    ["the beginning", { anchors: [anchor("unchecked", 5)] }, "add the earlier exports from block 0 on"],
    [
      "the types",
      { tally: { unrecomputed: 1 } as PrintedReport["tally"] },
      "with OutputFormat ION_TEXT or ION_BINARY",
    ],
    ["a table", { findings: [finding("incomplete", "revision-table")] }, "decide whether the part"],
  ])("that lacks %s says how to get it", (_what, more, step) => {
    expect(next("incomplete", more)).toContain(step);
  });
});

describe("content that was never there to check", () => {
  const unchecked = finding("incomplete", "unchecked-content");

  it("is nothing to mend, and calls for a digest where none was compared", () => {
    expect(next("incomplete", { findings: [unchecked] })).toMatch(
      /^next: nothing is to be mended: .*--digest/,
    );
    const anchored = {
      findings: [unchecked, finding("warning", "anchor-range")],
      anchors: [anchor("verified", 9)],
    };
    expect(next("incomplete", anchored)).toMatch(/^next: nothing is to be mended: [^;]*$/);
  });

  it("is not all where another finding leaves the verdict open", () => {
    const findings = [unchecked, finding("incomplete", "delete-revision-hash")];
    expect(afterUncheckedContent({ findings, anchors: [] })).toMatch(/^decide whether/);
  });
});
