// SPDX-License-Identifier: MIT
import { type KeyObject, createHash, createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { canonicalJson } from "./canonical-json";
import {
  CERTIFICATE_FORMAT,
  CERTIFICATE_VERSION,
  type Certificate,
  type CertificateReport,
  type CertificateSignature,
} from "./certificate";
import { CertificateError } from "./certificate-error";

/** Adds the hash to a report and, with a key, the signature. */
export function sealCertificate(report: CertificateReport, signKey?: KeyObject): Certificate {
  return {
    format: CERTIFICATE_FORMAT,
    version: CERTIFICATE_VERSION,
    report,
    sha256: hashReport(report),
    ...(signKey === undefined ? {} : { signature: signReport(report, signKey) }),
  };
}

/** The SHA-256 over the canonical JSON of a report, in hexadecimal. */
export function hashReport(report: unknown): string {
  return createHash("sha256").update(canonicalJson(report)).digest("hex");
}

function signReport(report: CertificateReport, key: KeyObject): CertificateSignature {
  const publicKey = createPublicKey(key).export({ type: "spki", format: "der" }).toString("base64");
  const value = sign(null, Buffer.from(canonicalJson(report)), key).toString("base64");
  return { algorithm: "Ed25519", publicKey, value };
}

/** True if the signature is that of its public key over the report. */
export function isSignatureValid(report: unknown, { publicKey, value }: CertificateSignature): boolean {
  const key = readPublicKey({ key: Buffer.from(publicKey, "base64"), format: "der", type: "spki" });
  const content = Buffer.from(canonicalJson(report));
  return key !== undefined && verify(null, content, key, Buffer.from(value, "base64"));
}

/**
 * Reads the private key that signs: Ed25519 in PEM, as `openssl genpkey -algorithm ed25519` writes it.
 *
 * @throws CertificateError
 */
export function parseSignKey(pem: string, place: string): KeyObject {
  const key = attempt(() => createPrivateKey(pem));
  if (key?.asymmetricKeyType === "ed25519") return key;
  throw new CertificateError(
    `Expected a private Ed25519 key in PEM, without a passphrase, in ${place}, found ${found(key)}. ` +
      "Make one: openssl genpkey -algorithm ed25519 -out sign-key.pem",
  );
}

/**
 * Reads the public key that a signature must have, in PEM, and returns it as certificates hold it.
 *
 * @throws CertificateError
 */
export function parsePublicKey(pem: string, place: string): string {
  // Node.js would derive the public key from a private one, which has no place on a command line that only checks.
  const key = pem.includes("PRIVATE KEY") ? undefined : attempt(() => createPublicKey(pem));
  if (key?.asymmetricKeyType === "ed25519") {
    return key.export({ type: "spki", format: "der" }).toString("base64");
  }
  throw new CertificateError(
    `Expected a public Ed25519 key in PEM in ${place}, found ${found(key)}. ` +
      "Make it from the private key: openssl pkey -in sign-key.pem -pubout -out public-key.pem",
  );
}

function readPublicKey(input: Parameters<typeof createPublicKey>[0]): KeyObject | undefined {
  const key = attempt(() => createPublicKey(input));
  return key?.asymmetricKeyType === "ed25519" ? key : undefined;
}

function found(key: KeyObject | undefined): string {
  return key === undefined ? "no such key" : `a key of type ${key.asymmetricKeyType ?? "unknown"}`;
}

/** Reads a key. OpenSSL's text about a bad key helps no one. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
