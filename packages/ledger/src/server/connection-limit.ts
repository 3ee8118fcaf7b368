// SPDX-License-Identifier: MIT
import type { IncomingMessage, Server } from "node:http";
import { Server as TlsServer } from "node:https";
import type { Socket } from "node:net";
import { capacityExceeded } from "./aws-error";

/** A connection beyond the limit has so long to send its request and to read the answer, in milliseconds. */
const REFUSED_MS = 5000;

/** So many times the limit may be connected at all: further connections are closed before a byte is read. */
const CONNECTED_FACTOR = 2;

/** Ledgers, logs and streams need files, too. */
const PART_OF_FILES = 0.75;

/** At least so much of what may be connected is left for connections that are refused. */
const SERVED_PART = 0.8;

/**
 * Keeps the connections of a server within a limit.
 *
 * The first request of a connection beyond the limit is answered with an error, and the connection ends. Connections
 * that were there before are served as always.
 */
export class ConnectionLimit {
  readonly #connectedMax: number;
  readonly #servedMax: number;
  readonly #refused = new WeakSet<Socket>();
  readonly #onFull: () => void;
  #open = 0;

  /**
   * @param filesMax - how many files and connections the process may have open
   * @param onFull - called for every connection beyond the limit
   */
  constructor(connectionsMax: number, filesMax: number, onFull: () => void = () => undefined) {
    this.#onFull = onFull;
    this.#connectedMax = Math.floor(Math.min(CONNECTED_FACTOR * connectionsMax, PART_OF_FILES * filesMax));
    this.#servedMax = Math.min(connectionsMax, Math.floor(SERVED_PART * this.#connectedMax));
  }

  /** How many connections are served at the same time. */
  get servedMax(): number {
    return this.#servedMax;
  }

  /** How many connections are being served. */
  get open(): number {
    return this.#open;
  }

  /** Counts the connections of a server from now on. */
  watch(server: Server | TlsServer): void {
    server.maxConnections = this.#connectedMax;
    // Requests come by the socket that TLS has made of the connection.
    server.on(server instanceof TlsServer ? "secureConnection" : "connection", (socket: Socket) => {
      this.#count(socket);
    });
  }

  #count(socket: Socket): void {
    if (this.#open >= this.#servedMax) {
      this.#refused.add(socket);
      this.#onFull();
      const timer = setTimeout(() => socket.destroy(), REFUSED_MS).unref();
      socket.on("close", () => {
        clearTimeout(timer);
      });
      return;
    }
    this.#open += 1;
    socket.on("close", () => {
      this.#open -= 1;
    });
  }

  /** True for a connection beyond the limit: it ends after one answer. */
  isBeyond(socket: Socket): boolean {
    return this.#refused.has(socket);
  }

  /** @throws AwsError for a request that came by a connection beyond the limit */
  check({ socket }: IncomingMessage): void {
    if (!this.isBeyond(socket)) return;
    throw capacityExceeded(
      `Expected at most ${this.#servedMax} connections, found more: close those that are not used, or try again later.`,
    );
  }
}
