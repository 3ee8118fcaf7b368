// SPDX-License-Identifier: MIT
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** An address that moves from one PostgreSQL server to another, as that of a cluster does in a failover. */
export interface SwitchedRelay {
  /** The URL of the server that the address leads to. */
  readonly url: string;
  /** From now on, connections lead to another server. Those that are open break. */
  switchTo(url: string): void;
  close(): Promise<void>;
}

export async function startSwitchedRelay(firstUrl: string): Promise<SwitchedRelay> {
  const sockets = new Set<Socket>();
  let target = new URL(firstUrl);
  const breakAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const server = createServer((client) => {
    const database = connect(Number(target.port), target.hostname);
    for (const [from, to] of [
      [client, database],
      [database, client],
    ] as const) {
      sockets.add(from);
      from.pipe(to);
      from.on("error", () => to.destroy());
      from.on("close", () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = new URL(firstUrl);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    switchTo: (other) => {
      target = new URL(other);
      breakAll();
    },
    close: async () => {
      server.close();
      breakAll();
      await once(server, "close");
    },
  };
}
