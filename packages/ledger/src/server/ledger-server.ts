// SPDX-License-Identifier: MIT
import type { Server } from "node:http";
import type { Server as TlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";
import type { KinesisClient } from "@aws-sdk/client-kinesis";
import { JournalExports } from "../exports/journal-exports";
import { LedgerStore, type LedgerStoreOptions } from "../ledger-store";
import { createRequestGuard } from "./access/request-guard";
import { ServerAccess, type ServerAccessOptions } from "./access/server-access";
import { SessionForwarder } from "./peers/session-forwarder";
import { createRequestListener } from "./request-listener";
import type { ServerAddress } from "../storage/server-peers";
import { createRoutes } from "./routes";
import type { JournalStream } from "../streams/journal-stream";
import { JournalStreams } from "../streams/journal-streams";
import { allowStreamTargets } from "../streams/stream-targets";
import { Sessions } from "./sessions";
import { SharedBudget } from "./shared-budget";

/** How a server is opened. */
export interface LedgerServerOptions extends LedgerStoreOptions, ServerAccessOptions {
  /** The address to listen on. Beyond loopback, the server needs credentials. Default: `127.0.0.1`. */
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
   * ARNs of the Kinesis data streams into which journals may be streamed. `*` stands for any characters of one part of the
   * ARN, `?` for one character. Default: none.
   */
  readonly allowedStreams?: readonly string[];
  /**
   * The folder to which ExportJournalToS3 exports: each bucket is a folder in it. Default: none, and the operation says so.
   */
  readonly exportFolder?: string | undefined;
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
  /** The certificate that clients must be told to trust, if the server has made one for itself. */
  readonly selfSignedFile: string | undefined;
  /**
   * Reads the files of access keys and TLS again; new connections use them. What cannot be used stays as it was.
   *
   * @throws CredentialsFileError, TlsFileError
   */
  reload(): Promise<void>;
  /** Stops listening, lets requests that have arrived end, and closes all ledgers. */
  close(): Promise<void>;
}

/** Requests that are still being answered this long after `close` are cut off. */
const closeTimeoutMs = 5000;

/** Transactions and sessions whose time is over are dropped this often; they expire at their own time whether or not they are. */
const sweepIntervalMs = 5000;

/** Serves the ledgers of a data folder or database: QLDB's session API and control plane on one HTTP port. */
export async function openLedgerServer(options: LedgerServerOptions): Promise<LedgerServer> {
  const host = options.host ?? "127.0.0.1";
  const allowedHosts = options.allowedHosts ?? [];
  const { dataFolder, clock = Date.now } = options;
  const store = await LedgerStore.open(options);
  const access = await closeOnError(store, () =>
    ServerAccess.open(options, {
      names: [host, ...allowedHosts, ...advertised(options)],
      host,
      dataFolder,
      clock,
    }),
  );
  const streams = await openStreams(store, options);
  const exports = await closeOnError(store, () => openExports(store, options));
  const forwarder = new SessionForwarder();
  const memory = new SharedBudget(store.limits.openTransactionBytesMax);
  const sessions = new Sessions({ clock, memory }, forwarder.serverId);
  const listener = createRequestListener({
    routes: createRoutes({ store, sessions, forwarder, streams, exports }),
    guard: createRequestGuard([host, ...allowedHosts]),
    bodies: {
      bodyBytesMax: store.limits.requestBytesMax,
      bodies: new SharedBudget(store.limits.openRequestBytesMax),
    },
    authenticate: access.authenticate,
    onDefect: options.onDefect,
  });
  const server = access.createServer((request, response) => {
    // A driver would go on using its connection, and closing would never end.
    if (!server.listening) response.shouldKeepAlive = false;
    listener(request, response);
  });
  let endpoint: string;
  try {
    await listen(server, host, options.port ?? 0);
    endpoint = toEndpoint(access.protocol, host, server.address() as AddressInfo);
    await joinServers(forwarder, store, {
      serverId: forwarder.serverId,
      address: options.advertise ?? toReachable(endpoint),
      certificate: access.selfSigned?.cert,
    });
  } catch (error) {
    server.close();
    await access.close();
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
    notices: [...store.notices, ...access.notices, ...(streams?.suspended ?? []).map(describeSuspended)],
    selfSignedFile: access.selfSigned?.certificateFile,
    reload: () => access.reload(),
    async close() {
      clearInterval(sweeper);
      // Requests under way are answered; a statement that would run on is told that it ends.
      await stop(server, () => {
        sessions.close();
      });
      await forwarder.close();
      await access.close();
      await streams?.close();
      await exports?.close();
      await store.close();
    },
  };
}

/** Makes the server known to others on the same database, if its ledgers are in one. */
async function joinServers(
  forwarder: SessionForwarder,
  store: LedgerStore,
  self: ServerAddress,
): Promise<void> {
  const peers = await store.joinServers(self);
  if (peers !== undefined) forwarder.join(peers);
}

/** A folder that was opened is locked, so it is closed where the server cannot start. */
async function closeOnError<T>(store: LedgerStore, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Streams and their positions are files: a server whose ledgers are in a database has none. */
async function openStreams(
  store: LedgerStore,
  options: LedgerServerOptions,
): Promise<JournalStreams | undefined> {
  const { dataFolder, clock = Date.now, allowedStreams = [], kinesisClient } = options;
  if (dataFolder === undefined) return undefined;
  return closeOnError(store, () =>
    JournalStreams.open({
      store,
      folder: join(dataFolder, "streams"),
      clock,
      isTarget: allowStreamTargets(allowedStreams),
      kinesisClient,
    }),
  );
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

/** The name by which other servers reach this one. */
function advertised({ advertise = "" }: LedgerServerOptions): string[] {
  return URL.canParse(advertise) ? [new URL(advertise).hostname] : [];
}

function toEndpoint(protocol: string, host: string, { port }: AddressInfo): string {
  return `${protocol}://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** An address that stands for all addresses of this machine leads nowhere from another one: the machine's name does. */
function toReachable(endpoint: string): string {
  const url = new URL(endpoint);
  if (url.hostname === "0.0.0.0" || url.hostname === "[::]") url.hostname = hostname();
  return url.origin;
}

function listen(server: Server | TlsServer, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

/** @param onLate is called before the connections that are left are cut. */
function stop(server: Server | TlsServer, onLate: () => void): Promise<void> {
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
