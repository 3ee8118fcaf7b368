// SPDX-License-Identifier: MIT
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";

/**
 * Returns ports of the loopback interface that nobody listens on, all different.
 *
 * For services that cannot choose a port themselves. Somebody else could take one before the service does; the system
 * hands out free ports in turn, so that takes a long time.
 */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, "127.0.0.1");
      await once(server, "listening");
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(
    servers.map(async (server) => {
      server.close();
      await once(server, "close");
    }),
  );
  return ports;
}
