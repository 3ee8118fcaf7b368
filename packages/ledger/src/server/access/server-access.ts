// SPDX-License-Identifier: MIT
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer, type Server as TlsServer } from "node:https";
import { writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
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
   * `self-signed-certificate.pem` in the data folder, so that clients can be told to trust it: for trying only. Default: no TLS.
   */
  readonly tls?: TlsFiles | "self-signed";
}

/** Where a server is, and by which names clients reach it. */
interface Surroundings {
  readonly host: string;
  readonly allowedHosts: readonly string[];
  readonly dataFolder: string;
  readonly clock: Clock;
}

const KEEP_ALIVE_TIMEOUT_MS = 75_000;

/** The credentials and the TLS identity of a server. */
export class ServerAccess {
  readonly authenticate: Authenticate;
  /** What whoever runs the server should know. */
  readonly notices: readonly string[];
  readonly #options: ServerAccessOptions;
  readonly #credentials: CredentialsFile | undefined;
  readonly #tls: TlsIdentity | undefined;
  #server: TlsServer | undefined;

  private constructor(
    options: ServerAccessOptions,
    { host, clock }: Surroundings,
    credentials: CredentialsFile | undefined,
    tls: TlsIdentity | undefined,
  ) {
    this.#options = options;
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

  /** Makes the server, which does not listen yet. */
  createServer(listener: RequestListener): Server | TlsServer {
    const options = { keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS };
    if (this.#tls === undefined) return createServer(options, listener);
    this.#server = createTlsServer({ ...options, ...this.#tls }, listener);
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
}

/** The file in the data folder that clients of a self-signed server are told to trust. */
export const SELF_SIGNED_FILE = "self-signed-certificate.pem";

async function openTls(
  { tls }: ServerAccessOptions,
  { host, allowedHosts, dataFolder, clock }: Surroundings,
): Promise<TlsIdentity | undefined> {
  if (tls !== "self-signed") return tls === undefined ? undefined : readTlsFiles(tls);
  const hosts = ["localhost", "127.0.0.1", "::1", hostname(), host, ...allowedHosts].map(toHostName);
  const identity = makeSelfSigned([...new Set(hosts.filter((name) => name !== ""))], clock());
  await writeFile(join(dataFolder, SELF_SIGNED_FILE), identity.cert);
  return identity;
}
