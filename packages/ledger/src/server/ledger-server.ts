// SPDX-License-Identifier: MIT
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";
import type { KinesisClient } from "@aws-sdk/client-kinesis";
import { JournalExports } from "../exports/journal-exports";
import { LedgerStore, type LedgerStoreOptions } from "../ledger-store";
import { ANYONE, type Authenticate } from "./access/caller";
import { CredentialsFile } from "./access/credentials-file";
import { createRequestGuard } from "./access/request-guard";
import { SessionForwarder } from "./peers/session-forwarder";
import { createSignatureCheck } from "./access/signature-check";
import { createRequestListener } from "./request-listener";
import { createRoutes } from "./routes";
import type { JournalStream } from "../streams/journal-stream";
import { JournalStreams } from "../streams/journal-streams";
import { allowStreamTargets } from "../streams/stream-targets";
import { Sessions } from "./sessions";

/** How a server is opened. */
export interface LedgerServerOptions extends LedgerStoreOptions {
  /** The address to listen on. Default: `127.0.0.1`, because nobody is authenticated. */
  readonly host?: string;
  /** Default: 0, which takes a free port; see {@link LedgerServer.endpoint}. */
  readonly port?: number;
  /**
   * Where other servers on the same database reach this one, as `http://HOST:PORT`.
   *
   * @defaultValue the endpoint, with this machine's name in place of an address that stands for all
   */
  readonly advertise?: string;
  /**
   * Names by which clients reach the server, without port. Loopback, `host` and the address that a request arrived at are
   * always allowed; a request for another `Host` is refused, so that no web page reads the ledgers by DNS rebinding.
   */
  readonly allowedHosts?: readonly string[];
  /**
   * A file of access keys: every request MUST be signed with one of them (AWS Signature Version 4), and may do what the key's
   * policy allows. Default: requests are answered without a signature.
   */
  readonly credentialsFile?: string;
  /** Finds out who sends a request, instead of by `credentialsFile`. */
  readonly authenticate?: Authenticate;
  /**
   * ARNs of the Kinesis data streams into which journals may be streamed. `*` stands for any characters of one part of the
   * ARN, `?` for one character. Default: none.
   */
  readonly allowedStreams?: readonly string[];
  /**
   * The folder to which ExportJournalToS3 exports: each bucket is a folder in it. Default: none, and the operation says so.
   */
  readonly exportFolder?: string;
  /** Makes the client with which journal streams reach a region's Kinesis. Default: the AWS SDK's own settings. */
  readonly kinesisClient?: (region: string) => KinesisClient;
  /** Told of every request that failed because of the server and not of the client. Default: told to nobody. */
  readonly onDefect?: (error: unknown) => void;
}

/** A running server. */
export interface LedgerServer {
  /** What clients set as their endpoint, for the session API and the control plane alike. */
  readonly endpoint: string;
  /** The ledgers that it serves, for use within this process. */
  readonly store: LedgerStore;
  /** What whoever runs the server should know: limits above QLDB's. */
  readonly notices: readonly string[];
  /**
   * Reads the file of access keys again; what it cannot read stays as it was.
   *
   * @throws CredentialsFileError
   */
  reload(): Promise<void>;
  /** Stops listening, lets requests that have arrived end, and closes all ledgers. */
  close(): Promise<void>;
}

/** Requests that are still being answered this long after `close` are cut off. */
const closeTimeoutMs = 5000;

/** Idle sessions are looked for this often; their tokens expire at their own time whether or not they are. */
const sweepIntervalMs = 60_000;

/** Serves the ledgers of a data folder or database: QLDB's session API and control plane on one HTTP port. */
export async function openLedgerServer(options: LedgerServerOptions): Promise<LedgerServer> {
  const host = options.host ?? "127.0.0.1";
  const credentials = await openCredentials(options);
  const store = await LedgerStore.open(options);
  const streams = await openStreams(store, options);
  const exports = await openExports(store, options);
  const forwarder = new SessionForwarder();
  const sessions = new Sessions(options.clock ?? Date.now, forwarder.serverId);
  const listener = createRequestListener({
    routes: createRoutes({ store, sessions, forwarder, streams, exports }),
    guard: createRequestGuard([host, ...(options.allowedHosts ?? [])]),
    bodyBytesMax: store.limits.requestBytesMax,
    authenticate: authenticateBy(credentials, options),
    ...(options.onDefect === undefined ? {} : { onDefect: options.onDefect }),
  });
  const server = createServer({ keepAliveTimeout: 75_000 }, (request, response) => {
    // A driver would go on using its connection, and closing would never end.
    if (!server.listening) response.shouldKeepAlive = false;
    listener(request, response);
  });
  let endpoint: string;
  try {
    await listen(server, host, options.port ?? 0);
    endpoint = toEndpoint(host, server.address() as AddressInfo);
    await joinServers(forwarder, store, options.advertise ?? toReachable(endpoint));
  } catch (error) {
    server.close();
    await streams?.close();
    await store.close();
    throw error;
  }
  const sweeper = setInterval(() => {
    sessions.sweep();
  }, sweepIntervalMs).unref();
  return {
    endpoint,
    store,
    notices: [...store.notices, ...(streams?.suspended ?? []).map(describeSuspended)],
    async reload() {
      await credentials?.reload();
    },
    async close() {
      clearInterval(sweeper);
      // Requests under way are answered; a statement that would run on is told that it ends.
      await stop(server, () => {
        sessions.close();
      });
      await forwarder.close();
      await streams?.close();
      await exports?.close();
      await store.close();
    },
  };
}

async function openCredentials({
  credentialsFile,
}: LedgerServerOptions): Promise<CredentialsFile | undefined> {
  return credentialsFile === undefined ? undefined : CredentialsFile.open(credentialsFile);
}

function authenticateBy(
  credentials: CredentialsFile | undefined,
  { authenticate, clock = Date.now }: LedgerServerOptions,
): Authenticate {
  if (authenticate !== undefined) return authenticate;
  return credentials === undefined ? () => Promise.resolve(ANYONE) : createSignatureCheck(credentials, clock);
}

/** Makes the server known to others on the same database, if its ledgers are in one. */
async function joinServers(forwarder: SessionForwarder, store: LedgerStore, address: string): Promise<void> {
  const peers = await store.joinServers({ serverId: forwarder.serverId, address });
  if (peers !== undefined) forwarder.join(peers);
}

/** Streams and their positions are files: a server whose ledgers are in a database has none. */
async function openStreams(
  store: LedgerStore,
  options: LedgerServerOptions,
): Promise<JournalStreams | undefined> {
  const { dataFolder, clock = Date.now, allowedStreams = [], kinesisClient } = options;
  if (dataFolder === undefined) return undefined;
  try {
    return await JournalStreams.open({
      store,
      folder: join(dataFolder, "streams"),
      clock,
      isTarget: allowStreamTargets(allowedStreams),
      ...(kinesisClient === undefined ? {} : { kinesisClient }),
    });
  } catch (error) {
    await store.close();
    throw error;
  }
}

function describeSuspended({ ledgerName, streamName, kinesisArn }: JournalStream): string {
  return (
    `The journal stream ${streamName} of the ledger ${ledgerName} waits: its data stream is not allowed. ` +
    `Pass "--allow-stream ${kinesisArn}" to continue the stream, or cancel it.`
  );
}

async function openExports(
  store: LedgerStore,
  { dataFolder, exportFolder, clock = Date.now, onDefect }: LedgerServerOptions,
): Promise<JournalExports | undefined> {
  if (exportFolder === undefined || dataFolder === undefined) return undefined;
  const folder = join(dataFolder, "exports");
  return JournalExports.open({ store, folder, target: exportFolder, clock, onDefect });
}

function toEndpoint(host: string, { port }: AddressInfo): string {
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** An address that stands for all addresses of this machine leads nowhere from another one: the machine's name does. */
function toReachable(endpoint: string): string {
  const url = new URL(endpoint);
  if (url.hostname === "0.0.0.0" || url.hostname === "[::]") url.hostname = hostname();
  return url.origin;
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

/** @param onLate is called before the connections that are left are cut. */
function stop(server: Server, onLate: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => {
      if (error === undefined) resolve();
      else reject(error);
    });
    // Drivers keep connections open between requests; without this, closing would wait for them.
    server.closeIdleConnections();
    setTimeout(() => {
      onLate();
      server.closeAllConnections();
    }, closeTimeoutMs).unref();
  });
}
