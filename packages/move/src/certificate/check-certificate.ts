// SPDX-License-Identifier: MIT
import type { ParsedCertificate } from "./parse-certificate";

/** One thing that was checked about a certificate. */
export interface CertificateCheck {
  readonly what: "hash" | "signature" | "page" | "export" | "ledger";
  /**
   * - `failed`: the certificate was changed, or what it is about was.
   * - `unchecked`: a part that the check needs is missing.
   * - `not-comparable`: the certificate is about something else.
   */
  readonly status: "verified" | "failed" | "unchecked" | "not-comparable";
  /** One sentence for people. */
  readonly detail: string;
}

/**
 * Checks what a certificate says about itself: the hash over its report, and the signature.
 *
 * @param publicKey - the key that the signature must be of, as `parsePublicKey` returns it
 */
export function checkSeal(parsed: ParsedCertificate, publicKey?: string): CertificateCheck[] {
  const { hashMatches } = parsed;
  const hash: CertificateCheck = hashMatches
    ? { what: "hash", status: "verified", detail: "The report has the SHA-256 that the certificate gives." }
    : {
        what: "hash",
        status: "failed",
        detail: "The report has not the SHA-256 that the certificate gives: the file was changed.",
      };
  const signature = checkSignature(parsed, publicKey);
  return signature === undefined ? [hash] : [hash, signature];
}

function checkSignature(
  { certificate: { signature }, signatureMatches }: ParsedCertificate,
  publicKey: string | undefined,
): CertificateCheck | undefined {
  const failed = (detail: string): CertificateCheck => ({ what: "signature", status: "failed", detail });
  if (signature === undefined) {
    return publicKey === undefined
      ? undefined
      : failed("Expected a signature of the public key, found none in the certificate.");
  }
  if (signatureMatches !== true)
    return failed("The signature is not that of its public key over this report.");
  if (publicKey !== undefined && publicKey !== signature.publicKey) {
    return failed("The signature is of another key than the public key that was given.");
  }
  const detail =
    publicKey === undefined
      ? "The signature is of the public key in the certificate. Anyone can sign with a key of their own: give the key that you trust."
      : "The signature is of the public key that was given.";
  return { what: "signature", status: "verified", detail };
}
