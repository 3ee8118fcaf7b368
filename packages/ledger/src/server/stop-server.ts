// SPDX-License-Identifier: MIT
import type { Server } from "node:http";
import type { Server as TlsServer } from "node:https";
import type { RunningRequests } from "./running-requests";

/** How a server is stopped. */
export interface StopOptions {
  readonly running: RunningRequests;
  /** How long requests may go on, in milliseconds. */
  readonly closeTimeoutMs: number;
  /** Ends what requests are still doing, so that they are answered. */
  readonly endWork: () => void;
  readonly onInfo: ((message: string) => void) | undefined;
}

/** So long after the end of its statements, the connections are cut whose requests are not answered yet. */
const CUT_TIMEOUT_MS = 500;

/** While the server stops, connections without a request are closed this often. */
const CLOSE_IDLE_MS = 20;

/** Stops listening, and resolves when no request runs any more, or none that could be ended. */
export async function stopServer(server: Server | TlsServer, options: StopOptions): Promise<void> {
  const { running } = options;
  await close(server, options.closeTimeoutMs, async () => {
    if (running.count > 0) options.onInfo?.(describeLate(running.count));
    options.endWork();
    await running.settle(CUT_TIMEOUT_MS);
  });
  // Work whose connection was cut ends at its next turn, and until then it reads the store.
  await running.settle(CUT_TIMEOUT_MS);
}

/** @param onLate is called, and waited for, before the connections that are left are cut. */
function close(
  server: Server | TlsServer,
  closeTimeoutMs: number,
  onLate: () => Promise<void>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    // Closes connections without a request at once.
    server.close((error) => {
      if (error === undefined) resolve();
      else reject(error);
    });
    // Drivers keep connections open between requests, and those that are answered meanwhile, too: closing would wait for them.
    const idle = setInterval(() => {
      server.closeIdleConnections();
    }, CLOSE_IDLE_MS);
    const late = setTimeout(() => {
      void onLate().then(() => {
        server.closeAllConnections();
      }, reject);
    }, closeTimeoutMs);
    server.on("close", () => {
      clearInterval(idle);
      clearTimeout(late);
    });
  });
}

function describeLate(requests: number): string {
  return (
    `Requests that were ended because the server was asked to stop: ${requests}. ` +
    "QLDB's drivers run their transactions again in a new session."
  );
}
