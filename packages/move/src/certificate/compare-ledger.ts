// SPDX-License-Identifier: MIT
import { type VerificationReport, fromJsonDigest } from "@ledger-loader/export";
import { type Digest, parseDigest } from "@ledger-loader/journal";
import type { CertificateCheck } from "./check-certificate";
import type { CertificateReport } from "./certificate";

/** The digests of a certificate that a ledger with this strand must still have. */
export function certifiedDigestsOf(
  { verification, comparison, anchors }: CertificateReport,
  strandId: string,
): Digest[] {
  const { journalDigest } = verification;
  const recomputed = journalDigest && [
    parseDigest(
      JSON.stringify({ Digest: journalDigest.hash, DigestTipAddress: { IonText: journalDigest.tipAddress } }),
    ),
  ];
  const compared = comparison?.ledgerDigest && [fromJsonDigest(comparison.ledgerDigest)];
  const found = [...(compared ?? []), ...(recomputed ?? []), ...anchors.digests.map(fromJsonDigest)];
  const tips = new Map<number, Digest>();
  for (const digest of found) {
    const { tipAddress } = digest;
    if (tipAddress.strandId === strandId && !tips.has(tipAddress.sequenceNo)) {
      tips.set(tipAddress.sequenceNo, digest);
    }
  }
  return [...tips.values()];
}

/**
 * Says whether a ledger still holds the blocks that the certificate is about.
 *
 * @param found - the verification of the ledger's journal against {@link certifiedDigestsOf}
 */
export function compareWithLedger(ledgerName: string, found: VerificationReport): CertificateCheck {
  const { anchors, strandId, verdict, anchoredThrough } = found;
  if (anchors.length === 0) {
    return check(
      "not-comparable",
      `The certificate has no digest of ledger ${ledgerName}, whose strand is ${strandId ?? "unknown"}.`,
    );
  }
  if (verdict === "failed") {
    return check("failed", `Ledger ${ledgerName} does not hold the certified blocks, or is damaged.`);
  }
  if (anchors.some(({ status }) => status !== "verified") || anchoredThrough === undefined) {
    return check("unchecked", `Ledger ${ledgerName} ends before a digest of the certificate.`);
  }
  return check("verified", `Ledger ${ledgerName} still holds the certified blocks 0 to ${anchoredThrough}.`);
}

function check(status: CertificateCheck["status"], detail: string): CertificateCheck {
  return { what: "ledger", status, detail };
}
