// SPDX-License-Identifier: MIT
import type { SuppliedProof, VerificationReport } from "@ledger-loader/export";
import type { Assurance, BlockAddress, Digest, Verdict } from "@ledger-loader/journal";
import type { ReconcileReport } from "../reconcile-report";

/** The name of the format, in every certificate. */
export const CERTIFICATE_FORMAT = "ledger-loader/certificate";

/** The version of the format. Readers refuse other versions. */
export const CERTIFICATE_VERSION = 1;

/** A digest in a certificate; the hash in base64. */
export interface CertifiedDigest {
  readonly hash: string;
  readonly tipAddress: BlockAddress;
}

/** A proof in a certificate; hashes in base64. */
export interface CertifiedProof {
  readonly blockAddress: BlockAddress;
  readonly documentId?: string | undefined;
  readonly start?: string | undefined;
  readonly proof: readonly string[];
  readonly digest: CertifiedDigest;
}

/** The digests and proofs that were supplied. With them the check can be repeated. */
export interface CertifiedAnchors {
  readonly digests: readonly CertifiedDigest[];
  readonly proofs: readonly CertifiedProof[];
}

/** The comparison of an export with a ledger. */
export interface CertifiedComparison {
  readonly ledgerName: string;
  /** The ledger's digest after the comparison. `undefined` if the server does not give one. */
  readonly ledgerDigest?: CertifiedDigest | undefined;
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
  readonly anchors: CertifiedAnchors;
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

/** The form of a digest in a certificate, and back. */
export function certifyDigest({ hash, tipAddress }: Digest): CertifiedDigest {
  const { strandId, sequenceNo } = tipAddress;
  return { hash: Buffer.from(hash).toString("base64"), tipAddress: { strandId, sequenceNo } };
}

/** The digest that a certificate holds. */
export function readCertifiedDigest({ hash, tipAddress }: CertifiedDigest): Digest {
  return { hash: fromBase64(hash), tipAddress };
}

/** The form of a proof in a certificate. */
export function certifyProof(supplied: SuppliedProof): CertifiedProof {
  const { blockAddress, documentId, start, proof, digest } = supplied;
  return {
    blockAddress: { strandId: blockAddress.strandId, sequenceNo: blockAddress.sequenceNo },
    documentId,
    start: start && Buffer.from(start).toString("base64"),
    proof: proof.map((hash) => Buffer.from(hash).toString("base64")),
    digest: certifyDigest(digest),
  };
}

/** The proof that a certificate holds. */
export function readCertifiedProof(certified: CertifiedProof): SuppliedProof {
  const { blockAddress, documentId, start, proof, digest } = certified;
  return {
    blockAddress,
    documentId,
    ...(start === undefined ? {} : { start: fromBase64(start) }),
    proof: proof.map(fromBase64),
    digest: readCertifiedDigest(digest),
  };
}

function fromBase64(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, "base64"));
}
