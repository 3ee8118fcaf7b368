// SPDX-License-Identifier: MIT
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import { TestServiceError } from "./guarded-process";

// Systems give outgoing connections ports from 32,768 (Linux) or 49,152: below, none of ours can take a server's port
// between two moments at which the server listens.
const LOWEST = 10_000;
const HIGHEST = 32_767;
const ATTEMPTS_MAX = 100;

/**
 * Returns ports of the loopback interface that nobody listens on, all different.
 *
 * For services that cannot choose a port themselves, and for those that come back on the same port.
 *
 * @throws TestServiceError if none is found
 */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  for (let attempt = 1; ports.size < count; attempt++) {
    if (attempt > ATTEMPTS_MAX) {
      throw new TestServiceError(
        `Expected ${count} free ports from ${LOWEST} to ${HIGHEST}, found ${ports.size} in ${ATTEMPTS_MAX} attempts: ` +
          "end what listens there.",
      );
    }
    const port = randomInt(LOWEST, HIGHEST + 1);
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await once(server.listen(port, "127.0.0.1"), "listening");
  } catch {
    return false;
  }
  server.close();
  await once(server, "close");
  return true;
}
