// SPDX-License-Identifier: MIT
import type { Verdict } from "@ledger-loader/journal";
import type { Certificate, CertificateCheck } from "@ledger-loader/move";
import { printable } from "@ledger-loader/errors";
import { count, facts, indent } from "./layout";
import type { Style } from "./style";

/** The verdict that each result of a check leads to. */
export const CHECK_VERDICTS: Readonly<Record<CertificateCheck["status"], Verdict>> = {
  verified: "passed",
  failed: "failed",
  unchecked: "incomplete",
  "not-comparable": "not-comparable",
};

/** The result of checking a certificate, as people read it. */
export function certificateText(
  certificate: Certificate,
  verdict: Verdict,
  checks: readonly CertificateCheck[],
  style: Style,
): string {
  const paint = verdict === "passed" ? style.good : verdict === "failed" ? style.bad : style.warn;
  const { report, signature } = certificate;
  const unsigned =
    signature === undefined ? "not signed: anyone can write a certificate and its hash" : undefined;
  return [
    `${paint(verdict)}: the certificate says ${report.verdict}`,
    indent(factsText(certificate)),
    [
      style.bold("Checked"),
      ...checks.map((check) => indent(checkLine(check, style))),
      ...(unsigned === undefined ? [] : [indent(style.dim(unsigned))]),
    ].join("\n"),
    ...nextText(checks),
  ].join("\n\n");
}

function factsText({ report, sha256 }: Certificate): string {
  const { verification, comparison, tool } = report;
  const { range } = verification;
  return facts([
    [
      "about",
      comparison === undefined ? "a journal export" : `an export and ledger ${comparison.ledgerName}`,
    ],
    ["ledger", verification.ledgerName],
    ["strand", verification.strandId],
    ["blocks", range && `${count(verification.blocks)} (${range.first} to ${range.last})`],
    ["assurance", report.assurance ?? "none"],
    ["made", `${report.issuedAt} by ${tool.name} ${tool.version}`],
    ["SHA-256", sha256],
  ]);
}

function checkLine({ what, status, detail }: CertificateCheck, style: Style): string {
  const paint = status === "verified" ? style.good : status === "failed" ? style.bad : style.warn;
  return `${paint(status)} ${what}: ${printable(detail)}`;
}

function nextText(checks: readonly CertificateCheck[]): string[] {
  if (checks.some(({ what }) => what === "export" || what === "ledger")) return [];
  return ["next: check it against the export (--export MANIFEST) and the ledger (--ledger NAME)"];
}
