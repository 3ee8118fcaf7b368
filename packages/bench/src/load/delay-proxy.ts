// SPDX-License-Identifier: MIT
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";

/** A proxy that puts a network between client and server. */
export interface DelayProxy {
  readonly endpoint: string;
  close(): Promise<void>;
}

/**
 * Listens on a free port and passes everything on to `target`, requests later by `delayMs`.
 *
 * Every piece waits for itself, so requests on several connections, and the pieces of one, wait at the same time and
 * keep their order. Connections stay open as long as both sides want.
 */
export async function startDelayProxy(target: string, delayMs: number): Promise<DelayProxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ host: hostname, port: Number(port), noDelay: true });
    join(client, upstream, delayMs);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => close(server, sockets),
  };
}

function join(client: Socket, upstream: Socket, delayMs: number): void {
  client.on("data", (piece) => {
    // Timers of equal length fire in the order in which they were set.
    setTimeout(() => upstream.write(piece), delayMs);
  });
  client.on("end", () => setTimeout(() => upstream.end(), delayMs));
  upstream.pipe(client);
  // When one side breaks, the other has nobody left to talk to.
  client.on("error", () => upstream.destroy());
  upstream.on("error", () => client.destroy());
}

async function close(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  const closed = once(server, "close");
  server.close();
  for (const socket of sockets) socket.destroy();
  await closed;
}
