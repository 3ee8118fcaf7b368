// SPDX-License-Identifier: MIT
import { JsonShapeProblem } from "@ledger-loader/export";
import type { Certificate } from "./certificate";
import { CertificateError } from "./certificate-error";
import { certificateShape } from "./certificate-shape";
import { hashReport, isSignatureValid } from "./sign-certificate";

/** A certificate that was read, and what holds of the file itself. */
export interface ParsedCertificate {
  readonly certificate: Certificate;
  /** True if the report has the hash that the file gives. */
  readonly hashMatches: boolean;
  /** True if the signature is valid for the public key in the file. `undefined` if there is no signature. */
  readonly signatureMatches: boolean | undefined;
}

/**
 * Reads a certificate's JSON.
 *
 * @param place - the file, for messages
 * @throws CertificateError if it is no certificate of this version
 */
export function parseCertificate(json: string, place: string): ParsedCertificate {
  const value = parseJson(json, place);
  try {
    const certificate = certificateShape(value, "");
    // As it stands in the file: a field that this version does not know is hashed too.
    const { report } = value as { readonly report: unknown };
    const { sha256, signature } = certificate;
    return {
      certificate,
      hashMatches: hashReport(report) === sha256,
      signatureMatches: signature && isSignatureValid(report, signature),
    };
  } catch (error) {
    // A range error: nested as deeply as no certificate is.
    if (!(error instanceof JsonShapeProblem || error instanceof RangeError)) throw error;
    throw new CertificateError(
      `Expected a certificate in ${place}: ${error.message}. ` +
        "Name the JSON file that --report wrote, as it was written.",
      { cause: error },
    );
  }
}

function parseJson(json: string, place: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch (error) {
    throw new CertificateError(
      `Expected a certificate in ${place}, found no JSON. Name the JSON file that --report wrote.`,
      { cause: error },
    );
  }
}
