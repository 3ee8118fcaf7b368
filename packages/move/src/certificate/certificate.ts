// SPDX-License-Identifier: MIT
import type { JsonAnchors, JsonDigest, VerificationReport } from "@ledger-loader/export";
import type { Assurance, Verdict } from "@ledger-loader/journal";
import type { ReconcileReport } from "../reconcile/reconcile-report";

/** The name of the format, in every certificate. */
export const CERTIFICATE_FORMAT = "ledger-loader/certificate";

/** The version of the format. Readers refuse other versions. */
export const CERTIFICATE_VERSION = 1;

/** The comparison of an export with a ledger. */
export interface CertifiedComparison {
  /** The ledger, or the export that was compared instead of a ledger. */
  readonly ledgerName: string;
  /** The parts that the comparison left out, or changed before it compared, as sentences. */
  readonly limits: readonly string[];
  /** The ledger's digest after the comparison. `undefined` if the server does not give one. */
  readonly ledgerDigest?: JsonDigest | undefined;
  /** The first differences only; all are counted. */
  readonly report: ReconcileReport;
}

/** The content of a certificate. Only strings, integers, booleans and `null`: its JSON has one canonical form. */
export interface CertificateReport {
  readonly kind: "export" | "reconcile";
  readonly verdict: Verdict;
  /** How far the verification of the export reaches. */
  readonly assurance: Assurance | null;
  /** When the certificate was made, in ISO 8601. */
  readonly issuedAt: string;
  readonly tool: { readonly name: string; readonly version: string };
  /** The export's verification. The first findings only; all are counted. */
  readonly verification: VerificationReport;
  /** The digests and proofs that were supplied. With them the check can be repeated. */
  readonly anchors: JsonAnchors;
  /** Only in a certificate of `reconcile`. */
  readonly comparison?: CertifiedComparison | undefined;
}

/** An Ed25519 signature over the canonical JSON of the report. */
export interface CertificateSignature {
  readonly algorithm: "Ed25519";
  /** The public key: SubjectPublicKeyInfo (DER) in base64, the lines between BEGIN and END of a PEM file. */
  readonly publicKey: string;
  /** In base64. */
  readonly value: string;
}

/** A certificate as its JSON file holds it. */
export interface Certificate {
  readonly format: typeof CERTIFICATE_FORMAT;
  readonly version: typeof CERTIFICATE_VERSION;
  readonly report: CertificateReport;
  /** SHA-256 over the canonical JSON of `report`, in hexadecimal. */
  readonly sha256: string;
  readonly signature?: CertificateSignature | undefined;
}
