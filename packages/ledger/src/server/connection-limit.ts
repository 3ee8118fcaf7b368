// SPDX-License-Identifier: MIT
import type { IncomingMessage, Server } from "node:http";
import { Server as TlsServer } from "node:https";
import type { Socket } from "node:net";
import { capacityExceeded } from "./aws-error";

/** A connection beyond the limit has so long to send its request and to read the answer, in milliseconds. */
const REFUSED_MS = 5000;

/** So many times the limit may be connected at all: further connections are closed before a byte is read. */
const REFUSED_FACTOR = 2;

/**
 * Keeps the connections of a server within a limit.
 *
 * The first request of a connection beyond the limit is answered with an error, and the connection ends. Connections
 * that were there before are served as always.
 */
export class ConnectionLimit {
  readonly #connectionsMax: number;
  readonly #refused = new WeakSet<Socket>();
  #open = 0;

  constructor(connectionsMax: number) {
    this.#connectionsMax = connectionsMax;
  }

  /** Counts the connections of a server from now on. */
  watch(server: Server | TlsServer): void {
    server.maxConnections = REFUSED_FACTOR * this.#connectionsMax;
    // Requests come by the socket that TLS has made of the connection.
    server.on(server instanceof TlsServer ? "secureConnection" : "connection", (socket: Socket) => {
      this.#count(socket);
    });
  }

  #count(socket: Socket): void {
    if (this.#open >= this.#connectionsMax) {
      this.#refused.add(socket);
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
      `Expected at most ${this.#connectionsMax} connections, found more: close those that are not used, or try again later.`,
    );
  }
}
