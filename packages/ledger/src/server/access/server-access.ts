// SPDX-License-Identifier: MIT
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer, type Server as TlsServer } from "node:https";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Clock } from "../../clock";
import { ANYONE, type Authenticate } from "./caller";
import { CredentialsFile } from "./credentials-file";
import { isLoopback, toHostName } from "./host-name";
import { InsecureServerError } from "./insecure-server-error";
import { makeSelfSigned } from "./self-signed";
import { createSignatureCheck } from "./signature-check";
import { readTlsFiles, type TlsFiles, type TlsIdentity } from "./tls";

/** Who may reach a server, and how. */
export interface ServerAccessOptions {
  /**
   * A file of access keys: every request MUST be signed with one of them (AWS Signature Version 4), and may do what the key's
   * policy allows. Default: requests are answered without a signature.
   */
  readonly credentialsFile?: string;
  /** Finds out who sends a request, instead of by `credentialsFile`. */
  readonly authenticate?: Authenticate;
  /** Allows a server without credentials to listen beyond loopback. */
  readonly insecure?: boolean;
  /**
   * Serves by TLS with this certificate. With `self-signed`, the server makes a certificate at each start and writes it to
   * `self-signed-certificate.pem`, so that clients can be told to trust it: for trying only. The file is in the data folder;
   * without a data folder, it is in a temporary folder until the server ends. Default: no TLS.
   */
  readonly tls?: TlsFiles | "self-signed";
}

/** Where a server listens, and by which names clients and other servers reach it. */
interface Surroundings {
  readonly host: string;
  readonly names: readonly string[];
  readonly dataFolder: string | undefined;
  readonly clock: Clock;
}

/** A certificate that the server has made for itself. */
export interface SelfSigned extends TlsIdentity {
  /** Where clients find the certificate. */
  readonly certificateFile: string;
}

const KEEP_ALIVE_TIMEOUT_MS = 75_000;

/** The credentials and the TLS identity of a server. */
export class ServerAccess {
  readonly authenticate: Authenticate;
  /** Warnings for the operator of the server. */
  readonly notices: readonly string[];
  readonly #options: ServerAccessOptions;
  readonly #dataFolder: string | undefined;
  readonly #credentials: CredentialsFile | undefined;
  readonly #tls: TlsIdentity | SelfSigned | undefined;
  #server: TlsServer | undefined;

  private constructor(
    options: ServerAccessOptions,
    { host, clock, dataFolder }: Surroundings,
    credentials: CredentialsFile | undefined,
    tls: TlsIdentity | SelfSigned | undefined,
  ) {
    this.#options = options;
    this.#dataFolder = dataFolder;
    this.#credentials = credentials;
    this.#tls = tls;
    this.authenticate =
      options.authenticate ??
      (credentials === undefined ? () => Promise.resolve(ANYONE) : createSignatureCheck(credentials, clock));
    this.notices =
      tls !== undefined || isLoopback(host)
        ? []
        : ["Requests and documents cross the network unencrypted: pass --tls-cert and --tls-key."];
  }

  /**
   * Reads the files that the options name.
   *
   * @throws InsecureServerError, CredentialsFileError, TlsFileError
   */
  static async open(options: ServerAccessOptions, surroundings: Surroundings): Promise<ServerAccess> {
    const { credentialsFile, authenticate, insecure = false } = options;
    const hasCredentials = credentialsFile !== undefined || authenticate !== undefined;
    if (!hasCredentials && !insecure && !isLoopback(surroundings.host)) {
      throw new InsecureServerError(surroundings.host);
    }
    const credentials =
      credentialsFile === undefined ? undefined : await CredentialsFile.open(credentialsFile);
    return new ServerAccess(options, surroundings, credentials, await openTls(options, surroundings));
  }

  get protocol(): "http" | "https" {
    return this.#tls === undefined ? "http" : "https";
  }

  /** The certificate that the server has made for itself, if it did. */
  get selfSigned(): SelfSigned | undefined {
    return this.#tls !== undefined && "certificateFile" in this.#tls ? this.#tls : undefined;
  }

  /** Makes the server, which does not listen yet. */
  createServer(listener: RequestListener): Server | TlsServer {
    const options = { keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS };
    if (this.#tls === undefined) return createServer(options, listener);
    const { cert, key } = this.#tls;
    this.#server = createTlsServer({ ...options, cert, key }, listener);
    return this.#server;
  }

  /**
   * Reads credentials and certificate again; new connections use them. What cannot be used stays as it was.
   *
   * @throws CredentialsFileError, TlsFileError
   */
  async reload(): Promise<void> {
    const { tls } = this.#options;
    if (typeof tls === "object") this.#server?.setSecureContext(await readTlsFiles(tls));
    await this.#credentials?.reload();
  }

  /** Removes the temporary folder of a certificate. */
  async close(): Promise<void> {
    const { selfSigned } = this;
    if (selfSigned === undefined || this.#dataFolder !== undefined) return;
    await rm(dirname(selfSigned.certificateFile), { recursive: true, force: true });
  }
}

/** The name of the file that clients of a self-signed server are told to trust. */
export const SELF_SIGNED_FILE = "self-signed-certificate.pem";

async function openTls(
  { tls }: ServerAccessOptions,
  { names, dataFolder, clock }: Surroundings,
): Promise<TlsIdentity | SelfSigned | undefined> {
  if (tls !== "self-signed") return tls === undefined ? undefined : readTlsFiles(tls);
  const hosts = ["localhost", "127.0.0.1", "::1", hostname(), ...names].map(toHostName);
  const identity = makeSelfSigned([...new Set(hosts.filter((name) => name !== ""))], clock());
  // In the shared folder for temporary files itself, somebody else could have put a link at a name that is known.
  const folder = dataFolder ?? (await mkdtemp(join(tmpdir(), "ledger-loader-tls-")));
  const certificateFile = join(folder, SELF_SIGNED_FILE);
  await writeFile(certificateFile, identity.cert);
  return { ...identity, certificateFile };
}
