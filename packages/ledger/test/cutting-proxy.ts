// SPDX-License-Identifier: MIT
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** Where a connection is cut: before its COMMIT reaches the database, or after, before its answer arrives. */
export type Cut = "before-commit" | "after-commit";

/** A way to a PostgreSQL server on which connections break at the worst moments. */
export interface CuttingProxy {
  /** The URL of the server over the proxy. */
  readonly url: string;
  /** Cuts the next connection that commits. */
  cutNext(cut: Cut): void;
  close(): Promise<void>;
}

/** The message with which the client commits, and the server's answer. */
const COMMIT = "COMMIT\0";

export async function startCuttingProxy(serverUrl: string): Promise<CuttingProxy> {
  const target = new URL(serverUrl);
  const sockets = new Set<Socket>();
  let next: Cut | undefined;

  const server = createServer((client) => {
    const database = connect(Number(target.port), target.hostname);
    const isCut = (at: Cut, chunk: Buffer): boolean => next === at && chunk.includes(COMMIT);
    const cut = (): void => {
      next = undefined;
      client.destroy();
      database.destroy();
    };
    const pipe = (from: Socket, to: Socket, at: Cut): void => {
      sockets.add(from);
      from.on("data", (chunk: Buffer) => {
        if (isCut(at, chunk)) cut();
        else to.write(chunk);
      });
      from.on("error", () => to.destroy());
      from.on("close", () => to.destroy());
    };
    pipe(client, database, "before-commit");
    pipe(database, client, "after-commit");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = new URL(serverUrl);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    cutNext: (cut) => {
      next = cut;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
