// SPDX-License-Identifier: MIT
import type { Server } from "node:http";
import type { Server as TlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { hostname } from "node:os";
import { LedgerStore, type LedgerStoreOptions } from "../ledger-store";
import { createHostCheck, createRequestGuard } from "./access/request-guard";
import { ServerAccess, type ServerAccessOptions } from "./access/server-access";
import { type ClientLimits, createClientLimits } from "./client-limits";
import type { ConnectionLimit } from "./connection-limit";
import { createExplorerPage, type ExplorerOptions, type ExplorerPage } from "./explorer/explorer-page";
import { IdleCollector } from "./idle-collector";
import { describeSuspended, type JournalServiceOptions, openExports, openStreams } from "./journal-services";
import { measureServer, type ServerFigures } from "./observe/server-figures";
import type { ServerObserver } from "./observe/server-observer";
import { SessionForwarder } from "./peers/session-forwarder";
import { createRequestListener, type RequestAnswerer } from "./request-listener";
import type { ServerAddress } from "../storage/server-peers";
import { createRoutes, type RouteServices } from "./routes";
import { RunningRequests } from "./running-requests";
import { Sessions } from "./sessions";
import { stopServer } from "./stop-server";

/** How a server is opened. */
export interface LedgerServerOptions extends LedgerStoreOptions, ServerAccessOptions, JournalServiceOptions {
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
   * Statements that still run this long after `close` are ended, in milliseconds: their clients are told that their sessions
   * have expired. Half a second later the connections are cut.
   *
   * @defaultValue 5000
   */
  readonly closeTimeoutMs?: number;
  /** Told of every request that failed because of the server and not of the client. Default: told to nobody. */
  readonly onDefect?: (error: unknown) => void;
  /** Told what is worth a line in a log and is no fault. Default: told to nobody. */
  readonly onInfo?: (message: string) => void;
  /** The web page that a browser gets at `/`. Default: none. */
  readonly explorer?: ExplorerOptions;
  /** Told of requests and of changes. Default: told to nobody. */
  readonly observer?: ServerObserver;
}

/** A running server. */
export interface LedgerServer {
  /** The endpoint for clients, for the session API and the control plane alike. */
  readonly endpoint: string;
  /** The ledgers that it serves, for use within this process. */
  readonly store: LedgerStore;
  /** Warnings for the operator of the server: limits above QLDB's. */
  readonly notices: readonly string[];
  /** The certificate that clients must be told to trust, if the server has made one for itself. */
  readonly selfSignedFile: string | undefined;
  /**
   * Reads the files of access keys and TLS again; new connections use them. What cannot be used stays as it was.
   *
   * @throws CredentialsFileError, TlsFileError
   */
  reload(): Promise<void>;
  /** The present figures of the server. */
  measure(): Promise<ServerFigures>;
  /** Stops listening, lets requests that have arrived end, and closes all ledgers. */
  close(): Promise<void>;
}

const DEFAULT_CLOSE_TIMEOUT_MS = 5000;

/** Transactions and sessions whose time is over are dropped this often; they expire at their own time whether or not they are. */
const sweepIntervalMs = 5000;

/** Serves the ledgers of a data folder or database: QLDB's session API and control plane on one HTTP port. */
export async function openLedgerServer(options: LedgerServerOptions): Promise<LedgerServer> {
  const opened = new OpenedParts();
  try {
    return await openParts(options, opened);
  } catch (error) {
    await opened.close();
    throw error;
  }
}

async function openParts(options: LedgerServerOptions, opened: OpenedParts): Promise<LedgerServer> {
  const { host = "127.0.0.1", port = 0, dataFolder } = options;
  const store = opened.add(await LedgerStore.open(withObserver(options)));
  const access = opened.add(await openAccess(options));
  const forwarder = opened.add(new SessionForwarder());
  const exports = opened.add(await openExports(store, forwarder, options));
  const streams = opened.add(await openStreams(store, forwarder, options));
  const limits = createClientLimits(store.limits, options.observer);
  const sessions = createSessions(limits, forwarder, options);
  const listener = createListener({ store, access, sessions, forwarder, streams, exports, limits }, options);
  const { server, running } = createServer(access, listener, limits.connections);
  const endpoint = await listen(server, access.protocol, { host, port });
  opened.add({ close: () => stop(server, { running, sessions }, options) });
  const address = options.advertise ?? toReachable(endpoint);
  const { serverId } = forwarder;
  await joinServers(forwarder, store, { serverId, address, certificate: access.selfSigned?.cert });
  if (dataFolder === undefined) await streams.watch();
  opened.add({ close: keepHouse(sessions, limits) });
  return {
    endpoint,
    store,
    notices: [...store.notices, ...access.notices, ...(await streams.readSuspended()).map(describeSuspended)],
    selfSignedFile: access.selfSigned?.certificateFile,
    reload: () => access.reload(),
    measure: () => measureServer({ store, sessions, running, ...limits }),
    close: () => opened.close(),
  };
}

function openAccess(options: LedgerServerOptions): Promise<ServerAccess> {
  const { host = "127.0.0.1", allowedHosts = [], dataFolder, clock = Date.now } = options;
  const names = [host, ...allowedHosts, ...advertised(options)];
  return ServerAccess.open(options, { names, host, dataFolder, clock });
}

function createSessions(
  { transactionMemory: memory, onSessionsFull }: ClientLimits,
  { serverId }: SessionForwarder,
  { clock = Date.now }: LedgerServerOptions,
): Sessions {
  return new Sessions({ clock, memory }, serverId, onSessionsFull);
}

/** The part that answers requests. */
interface AnsweringParts extends RouteServices {
  readonly access: ServerAccess;
  readonly limits: ClientLimits;
}

function createListener(
  { access, limits, ...services }: AnsweringParts,
  options: LedgerServerOptions,
): RequestAnswerer {
  const { host = "127.0.0.1", allowedHosts = [], onDefect, observer, explorer } = options;
  return createRequestListener({
    routes: createRoutes(services),
    connections: limits.connections,
    guard: createRequestGuard([host, ...allowedHosts]),
    bodies: { bodyBytesMax: services.store.limits.requestBytesMax, bodies: limits.requestMemory },
    authenticate: access.authenticate,
    page: createPage(options),
    areBrowsersReaders: explorer !== undefined && explorer.mode !== "write",
    onDefect,
    observer,
  });
}

function createPage(options: LedgerServerOptions): ExplorerPage | undefined {
  const { host = "127.0.0.1", allowedHosts = [], explorer, credentialsFile, authenticate } = options;
  if (explorer === undefined) return undefined;
  const needsKey = credentialsFile !== undefined || authenticate !== undefined;
  return createExplorerPage(explorer, { needsKey }, createHostCheck([host, ...allowedHosts]));
}

function stop(
  server: Server | TlsServer,
  { running, sessions }: { readonly running: RunningRequests; readonly sessions: Sessions },
  { closeTimeoutMs = DEFAULT_CLOSE_TIMEOUT_MS, onInfo }: LedgerServerOptions,
): Promise<void> {
  const endWork = (): void => {
    sessions.close();
  };
  return stopServer(server, { running, closeTimeoutMs, endWork, onInfo });
}

/** The observer hears of the store, too. */
function withObserver(options: LedgerServerOptions): LedgerServerOptions {
  const { observer, onOpened, onDatabaseChange } = options;
  return {
    ...options,
    onDatabaseChange: (change) => {
      onDatabaseChange?.(change);
      observer?.onChange?.(change);
    },
    onOpened: (ledger) => {
      onOpened?.(ledger);
      observer?.onChange?.({ kind: "ledger-opened", ledger });
    },
  };
}

interface Part {
  /** May return a promise, which is waited for. */
  close(): unknown;
}

/** The opened parts of a server; they are closed in the opposite order, also where the server cannot start. */
class OpenedParts {
  readonly #parts: Part[] = [];

  add<T extends Part | undefined>(part: T): T {
    if (part !== undefined) this.#parts.push(part);
    return part;
  }

  async close(): Promise<void> {
    for (const part of this.#parts.splice(0).reverse()) await part.close();
  }
}

/** Gives memory back while the server runs. @returns how to end that */
function keepHouse(sessions: Sessions, { transactionMemory, requestMemory }: ClientLimits): () => void {
  const collector = new IdleCollector(() => transactionMemory.bytes + requestMemory.bytes);
  const sweeper = setInterval(() => {
    sessions.sweep();
  }, sweepIntervalMs).unref();
  return () => {
    clearInterval(sweeper);
    collector.close();
  };
}

/** Makes a server whose connections are limited, and whose requests are counted. */
function createServer(
  access: ServerAccess,
  listener: RequestAnswerer,
  connections: ConnectionLimit,
): { readonly server: Server | TlsServer; readonly running: RunningRequests } {
  const running = new RunningRequests();
  const server = access.createServer((request, response) => {
    // A driver would go on using its connection, and closing would never end.
    if (!server.listening || connections.isBeyond(request.socket)) response.shouldKeepAlive = false;
    running.add(listener(request, response));
  });
  connections.watch(server);
  return { server, running };
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

/** @returns the address at which clients reach the server */
function listen(
  server: Server | TlsServer,
  protocol: string,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve(toEndpoint(protocol, host, server.address() as AddressInfo));
    });
  });
}
