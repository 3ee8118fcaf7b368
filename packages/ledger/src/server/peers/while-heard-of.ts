// SPDX-License-Identifier: MIT
import type { ServerPeers } from "../../storage/server-peers";

/** How often the sign of life of the other server is looked for. */
const LOOK_MS = 1000;

/**
 * Runs work that waits for another server, and aborts it once that server is not heard of any more.
 *
 * A server that hangs, or whose machine is gone, closes no connection.
 *
 * @param work - MUST end when its signal is aborted
 */
export async function whileHeardOf<T>(
  peers: ServerPeers,
  serverId: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const gone = new AbortController();
  const look = async (): Promise<void> => {
    if ((await peers.find(serverId)) === undefined) gone.abort();
  };
  const timer = setInterval(() => {
    // A database that cannot be asked now says nothing about the server.
    look().catch(() => undefined);
  }, LOOK_MS);
  try {
    return await work(gone.signal);
  } finally {
    clearInterval(timer);
  }
}
