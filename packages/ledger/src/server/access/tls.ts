// SPDX-License-Identifier: MIT
import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { readPrivateFile, readPublicFile } from "./private-file";
import { TlsFileError } from "./tls-file-error";

/** The files that a server proves itself with. */
export interface TlsFiles {
  /** PEM: the server's certificate, then those of its issuers. */
  readonly certificateFile: string;
  /** PEM: the private key of the certificate. Others MUST NOT be able to read it. */
  readonly keyFile: string;
}

/** A certificate chain and its private key, in PEM. */
export interface TlsIdentity {
  readonly cert: string;
  readonly key: string;
}

/** @throws TlsFileError if a file cannot be used, or the key is not that of the certificate */
export async function readTlsFiles({ certificateFile, keyFile }: TlsFiles): Promise<TlsIdentity> {
  const ofCertificate = (problem: string, cause?: unknown): Error =>
    new TlsFileError(certificateFile, problem, cause);
  const ofKey = (problem: string, cause?: unknown): Error => new TlsFileError(keyFile, problem, cause);
  const cert = await readPublicFile(certificateFile, "a certificate in PEM", ofCertificate);
  const key = await readPrivateFile(keyFile, "a private key in PEM", ofKey);
  const certificate = parse(() => new X509Certificate(cert), "a certificate in PEM", ofCertificate);
  const privateKey = parse<KeyObject>(
    () => createPrivateKey(key),
    "a private key in PEM without passphrase",
    ofKey,
  );
  if (certificate.checkPrivateKey(privateKey)) return { cert, key };
  throw ofKey(
    `expected the private key of the certificate in ${certificateFile}, found another: name files that belong together`,
  );
}

function parse<T>(read: () => T, what: string, toError: (problem: string, cause?: unknown) => Error): T {
  try {
    return read();
  } catch (error) {
    throw toError(`expected ${what}, found other content: check the path`, error);
  }
}
