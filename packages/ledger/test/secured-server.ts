// SPDX-License-Identifier: MIT
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LedgerServerOptions } from "../src/index";
import { makeSelfSigned } from "../src/server/access/self-signed";

/** The files of a server that speaks TLS and knows one access key. */
export interface SecuredServer {
  readonly options: Required<Pick<LedgerServerOptions, "credentialsFile" | "tls">>;
  /** The certificate that clients must trust. */
  readonly certificateFile: string;
  /** The key that may do everything. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  remove(): Promise<void>;
}

/** Makes the files in a folder of their own. */
export async function secureServer(): Promise<SecuredServer> {
  const folder = await mkdtemp(join(tmpdir(), "ledger-secured-"));
  const [certificateFile, keyFile, credentialsFile] = ["tls.crt", "tls.key", "keys.json"].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  const credentials = { accessKeyId: "ADMIN00000000001", secretAccessKey: "admin-secret/of+a=test" };
  const { cert, key } = makeSelfSigned(["127.0.0.1", "localhost"], Date.now());
  const entry = {
    AccessKeyId: credentials.accessKeyId,
    SecretAccessKey: credentials.secretAccessKey,
    Statement: [{ Effect: "Allow", Action: "qldb:*", Resource: "*" }],
  };
  await writeFile(certificateFile, cert);
  await writeFile(keyFile, key, { mode: 0o600 });
  await writeFile(credentialsFile, JSON.stringify({ Keys: [entry] }), { mode: 0o600 });
  return {
    options: { credentialsFile, tls: { certificateFile, keyFile } },
    certificateFile,
    credentials,
    remove: () => rm(folder, { recursive: true }),
  };
}
