// SPDX-License-Identifier: MIT
import type { KeyObject } from "node:crypto";
import {
  type SuppliedProof,
  type VerificationReport,
  toJsonAnchors,
  toJsonDigest,
} from "@ledger-loader/export";
import { type Digest, type Verdict, heaviestVerdict } from "@ledger-loader/journal";
import type { ReconcileReport } from "../reconcile/reconcile-report";
import type { Certificate, CertificateReport } from "./certificate";
import { sealCertificate } from "./sign-certificate";

/** Findings and differences that a certificate lists; all are counted. */
const LISTED_MAX = 100;

/** The subject of a certificate. */
export interface CertificateSubject {
  /** The verification of the export. */
  readonly verification: VerificationReport;
  /** The digests and proofs that it was verified against. */
  readonly digests: readonly Digest[];
  readonly proofs: readonly SuppliedProof[];
  /** The comparison with a ledger, for a certificate of `reconcile`. */
  readonly comparison?: {
    readonly ledgerName: string;
    /** The parts that the comparison left out, or changed before it compared, as sentences. */
    readonly limits: readonly string[];
    readonly ledgerDigest: Digest | undefined;
    readonly report: ReconcileReport;
  };
  /** The program that makes the certificate. */
  readonly tool: { readonly name: string; readonly version: string };
}

/**
 * Makes a certificate of a verification or a comparison, dated now.
 *
 * @param signKey - the private Ed25519 key that signs it
 */
export function createCertificate(subject: CertificateSubject, signKey?: KeyObject): Certificate {
  const { verification, digests, proofs, comparison, tool } = subject;
  const report: CertificateReport = {
    kind: comparison === undefined ? "export" : "reconcile",
    verdict: certifiedVerdict(subject),
    assurance: verification.assurance ?? null,
    issuedAt: new Date().toISOString(),
    tool,
    verification: { ...verification, findings: verification.findings.slice(0, LISTED_MAX) },
    anchors: toJsonAnchors({ digests, proofs }),
    comparison: comparison && {
      ledgerName: comparison.ledgerName,
      limits: comparison.limits,
      ledgerDigest: comparison.ledgerDigest && toJsonDigest(comparison.ledgerDigest),
      report: withFirstDifferences(comparison.report),
    },
  };
  // The form that a reader of the file gets: without fields that are undefined.
  return sealCertificate(JSON.parse(JSON.stringify(report)) as CertificateReport, signKey);
}

/** The verdict of the certificate: the heaviest of the export's verification and the comparison. */
export function certifiedVerdict({ verification, comparison }: CertificateSubject): Verdict {
  if (comparison === undefined) return verification.verdict;
  return heaviestVerdict([verification.verdict, comparison.report.equal ? "passed" : "failed"]);
}

function withFirstDifferences(report: ReconcileReport): ReconcileReport {
  return {
    ...report,
    differences: report.differences.slice(0, LISTED_MAX),
    elapsedMs: Math.round(report.elapsedMs),
  };
}
