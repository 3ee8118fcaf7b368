// SPDX-License-Identifier: MIT
import { createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import { describe, expect, it } from "@jest/globals";
import type { VerificationReport } from "@ledger-loader/export";
import { CertificateError, createCertificate, certificatePage, checkSeal, parseCertificate } from "../index";
import { canonicalJson } from "./canonical-json";
import type { Certificate } from "./certificate";

const HOSTILE = `</td><script>alert("1")</script><img src='x' onerror=alert(2)>\u202e&`;
const STRAND = "KmA3ZZca7vAIiJAK9S5Iwl";

function verification(fields: Partial<VerificationReport> = {}): VerificationReport {
  return {
    verdict: "passed",
    assurance: "consistent",
    checkedAt: "2026-01-02T03:04:05.678Z",
    ledgerName: "vehicles",
    exportIds: ["E1"],
    strandId: STRAND,
    range: { first: 0, last: 9 },
    period: { first: "2020-06-01T10:00:00.230Z", last: "2020-06-01T10:00:09.230Z" },
    digest: undefined,
    journalDigest: undefined,
    startsMidJournal: false,
    objects: 1,
    blocks: 10,
    bytes: 1000,
    revisions: { data: 10, delete: 0, redacted: 0, "hash-only": 0 },
    tally: {
      revisions: 10,
      recomputed: 10,
      redacted: 0,
      deletedEmptyDigest: 0,
      deletedMetadataOnly: 0,
      deletedUnmatched: 0,
      hashOnly: 0,
      unrecomputed: 0,
    },
    linkedRevisions: 0,
    tables: [{ tableId: "T", tableName: "Vehicle", revisions: 10 }],
    anchors: [],
    anchoredThrough: undefined,
    findings: [],
    findingCounts: {},
    uncoveredFields: [],
    manifests: [{ location: "m", sha256: "0".repeat(64), bytes: 1 }],
    dataObjects: [{ key: "o", location: "o", sha256: "1".repeat(64), bytes: 2 }],
    ...fields,
  };
}

const keys = generateKeyPairSync("ed25519");
const certify = (fields: Partial<VerificationReport> = {}, signed = false): Certificate =>
  createCertificate(
    {
      verification: verification(fields),
      digests: [],
      proofs: [],
      tool: { name: "ledger-loader", version: "0.1.0" },
    },
    signed ? keys.privateKey : undefined,
  );

const again = (certificate: unknown) => parseCertificate(JSON.stringify(certificate), "c.json");
const statuses = (parsed: ReturnType<typeof again>, key?: string): string[] =>
  checkSeal(parsed, key).map(({ what, status }) => `${what} ${status}`);

describe("a certificate", () => {
  it("has a hash that covers every field of its report", () => {
    const certificate = certify({ findings: [{ rule: "digest", severity: "warning", message: "m" }] }, true);
    expect(statuses(again(certificate))).toEqual(["hash verified", "signature verified"]);
    const changed = { ...certificate, report: { ...certificate.report, unknownField: 1 } };
    expect(statuses(again(changed))).toEqual(["hash failed", "signature failed"]);
    const blocks = { ...certificate.report.verification, blocks: 11 };
    const other = { ...certificate, report: { ...certificate.report, verification: blocks } };
    expect(statuses(again(other))).toEqual(["hash failed", "signature failed"]);
  });

  it("can be written in another order and with blanks", () => {
    const certificate = certify({}, true);
    const { report, ...rest } = certificate;
    const reordered = { ...rest, report: Object.fromEntries(Object.entries(report).reverse()) };
    expect(statuses(parseCertificate(JSON.stringify(reordered, null, 7), "c.json"))).toEqual([
      "hash verified",
      "signature verified",
    ]);
  });

  it("is signed over the canonical JSON of its report, by the key of whom it says", () => {
    const { report, signature } = certify({}, true);
    const key = createPublicKey({
      key: Buffer.from(signature?.publicKey ?? "", "base64"),
      format: "der",
      type: "spki",
    });
    const value = Buffer.from(signature?.value ?? "", "base64");
    expect(verify(null, Buffer.from(canonicalJson(report)), key, value)).toBe(true);
    const others = generateKeyPairSync("ed25519").publicKey.export({ type: "spki", format: "der" });
    expect(statuses(again(certify({}, true)), others.toString("base64"))[1]).toBe("signature failed");
    expect(statuses(again(certify()), signature?.publicKey)[1]).toBe("signature failed");
  });

  it("that has another form is refused with the place of it, and without its content", () => {
    const certificate = certify();
    const broken = { ...certificate, report: { ...certificate.report, verdict: "secret" } };
    expect(() => again(broken)).toThrow(CertificateError);
    expect(() => again(broken)).toThrow(/c\.json: expected report\.verdict to be "passed" or/);
    expect(() => again(broken)).not.toThrow(/secret/);
    expect(() => parseCertificate("<html>", "c.html")).toThrow(/found no JSON/);
    const deep = `${"[".repeat(20_000)}${"]".repeat(20_000)}`;
    const nested = JSON.stringify(certificate).replace('"report":{', `"report":{"x":${deep},`);
    expect(() => parseCertificate(nested, "c.json")).toThrow(CertificateError);
  });
});

describe("the page of a certificate", () => {
  it("says the verdict first", () => {
    for (const [verdict, word] of [
      ["passed", "PASSED"],
      ["failed", "FAILED"],
      ["incomplete", "INCOMPLETE"],
      ["not-comparable", "NOT COMPARABLE"],
    ] as const) {
      const body = certificatePage(certify({ verdict })).replace(/[^]*<body>/, "");
      const text = body.replace(/<[^>]*>/g, " ").trim();
      expect(text.startsWith(word)).toBe(true);
    }
  });

  it("escapes every text, has no script, and takes nothing from elsewhere", () => {
    const page = certificatePage(
      certify({
        ledgerName: HOSTILE,
        strandId: HOSTILE,
        exportIds: [HOSTILE],
        tables: [{ tableId: HOSTILE, tableName: HOSTILE, revisions: 1 }],
        findings: [{ rule: "digest", severity: "failed", message: HOSTILE, key: HOSTILE, found: HOSTILE }],
        findingCounts: { [HOSTILE]: 1 },
        manifests: [{ location: HOSTILE, sha256: "0".repeat(64), bytes: 1 }],
        dataObjects: [{ key: HOSTILE, location: HOSTILE, sha256: "1".repeat(64), bytes: 2 }],
      }),
    );
    expect(page).toContain("&lt;script&gt;alert(&quot;1&quot;)");
    expect(page).not.toMatch(/<script|<img|\u202e|https?:|url\(|<link|<\w[^>]*\son\w+=/i);
  });

  it("draws the covered part of the chain, failed blocks, and what lies before the export", () => {
    const page = certificatePage(
      certify({
        range: { first: 100, last: 199 },
        startsMidJournal: true,
        anchoredThrough: 149,
        anchors: [
          { kind: "block-proof", blockAddress: { strandId: STRAND, sequenceNo: 149 }, status: "verified" },
        ],
        findings: [
          {
            rule: "block-hash",
            severity: "failed",
            message: "m",
            blockAddress: { strandId: STRAND, sequenceNo: 174 },
          },
        ],
      }),
    );
    const bar = /class="anchored"\s+x="6%"\s+y="34"\s+width="(\d+)%"/.exec(page);
    expect(Number(bar?.[1])).toBe(44);
    expect(page).toContain("covered to block 149");
    expect(page).toMatch(/class="failed"\s+x1="71\.56%"/);
    expect(page).toMatch(/class="outside"\s+x1="0"/);
    expect(page).toContain("blocks 0 to 99, which the export does not hold");
    expect(page).toContain("blocks 150 to 199 were not rewritten");
  });
});
