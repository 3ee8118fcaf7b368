// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { compareRecord, DELETED, type ExportedFingerprint, type LedgerFingerprint } from "./compare-record";

/** `A@3`: content A, version 3. */
function exported(...revisions: string[]): ExportedFingerprint[] {
  return revisions.map((text) => {
    const [content = "", version] = text.split("@");
    return { content, version: Number(version), sequenceNo: 100 + Number(version) };
  });
}

/** `A@3`: content A, version 3; `A@3#d2`: of the document d2. */
function ledger(...revisions: string[]): LedgerFingerprint[] {
  return revisions.map((text, i) => {
    const [content = "", place = ""] = text.split("@");
    const [version, documentId = "d1"] = place.split("#");
    return { content, version: Number(version), documentId, sequenceNo: 500 + i };
  });
}

const kinds = (source: ExportedFingerprint[], target: LedgerFingerprint[]): string[] =>
  compareRecord({ table: "T", id: "x", exported: source, ledger: target }).differences.map(
    ({ kind, exported: e, ledger: l }) =>
      [kind, e && `v${String(e.version)}`, l && `${l.documentId}:${String(l.version)}`]
        .filter(Boolean)
        .join(" "),
  );

describe("compareRecord", () => {
  it("finds equal histories equal, deletions included", () => {
    const result = compareRecord({
      table: "T",
      id: "x",
      exported: exported("A@0", "B@1", `${DELETED}@2`),
      ledger: ledger("A@0", "B@1", `${DELETED}@2`),
    });
    expect(result).toEqual({ equal: 3, differences: [] });
  });

  it("takes a ledger's document for the export's when only the loader's field differs", () => {
    const target = ledger("A+id@0").map((revision) => ({ ...revision, alternative: "A" }));
    expect(kinds(exported("A@0"), target)).toEqual([]);
  });

  it("follows a record that was deleted and inserted anew into the document that the ledger made for it", () => {
    const target = ledger("A@0#d1", `${DELETED}@1#d1`, "B@0#d2", "C@1#d2");
    expect(kinds(exported("A@0", `${DELETED}@1`, "B@2", "C@3"), target)).toEqual([]);
    expect(kinds(exported("A@0", `${DELETED}@1`, "x@2", "C@3"), target)).toEqual([
      "altered-revision v2 d2:0",
    ]);
  });

  it("compares an export that begins in mid-history by place", () => {
    expect(kinds(exported("C@5", "D@6"), ledger("C@0", "D@1"))).toEqual([]);
    expect(kinds(exported("C@5", "D@6", "E@7"), ledger("C@0", "x@1", "E@2"))).toEqual([
      "altered-revision v6 d1:1",
    ]);
  });

  it("names the version that was removed from the export, and the one removed from the ledger", () => {
    expect(kinds(exported("B@1", "C@2"), ledger("A@0", "B@1", "C@2"))).toEqual(["extra-revision d1:0"]);
    expect(kinds(exported("A@0", "B@1", "C@2"), ledger("A@0", "C@2"))).toEqual(["missing-revision v1"]);
  });

  it("tells a whole document from revisions", () => {
    expect(kinds(exported("A@0"), [])).toEqual(["missing-document"]);
    expect(kinds([], ledger("A@0", "B@1"))).toEqual(["extra-document d1:undefined"]);
  });

  it("does not take a redacted revision for its content, nor for a deletion", () => {
    expect(kinds(exported("redacted:aa@0"), ledger("data:aa@0"))).toEqual(["altered-revision v0 d1:0"]);
    expect(kinds(exported("redacted:aa@0"), ledger(`${DELETED}@0`))).toEqual(["altered-revision v0 d1:0"]);
    expect(kinds(exported("redacted:aa@0"), ledger("redacted:aa@0"))).toEqual([]);
  });
});
