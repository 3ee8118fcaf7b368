// SPDX-License-Identifier: MIT
import { once } from "node:events";
import {
  Agent,
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";

/** A proxy that sends every request to the next of several servers, as a load balancer does. */
export interface RoundRobinProxy {
  readonly endpoint: string;
  close(): Promise<void>;
}

/** A server that refuses the connection is left out; one that is lost while it answers cuts the client off. */
export async function startRoundRobinProxy(endpoints: readonly string[]): Promise<RoundRobinProxy> {
  const agent = new Agent({ keepAlive: false });
  let turn = 0;
  const server = createServer((request, response) => {
    pass(request, response).catch(() => response.destroy());
  });

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const first = (turn += 1);
    for (let attempt = 0; attempt < endpoints.length; attempt++) {
      const endpoint = endpoints[(first + attempt) % endpoints.length] ?? "";
      if (await send(endpoint, request, Buffer.concat(chunks), response)) return;
    }
    response.writeHead(503).end("{}");
  }

  /** Returns whether the server was reached. */
  async function send(
    endpoint: string,
    { method, url, headers }: IncomingMessage,
    body: Buffer,
    response: ServerResponse,
  ): Promise<boolean> {
    const outgoing = httpRequest(new URL(url ?? "/", endpoint), { method: method ?? "POST", headers, agent });
    outgoing.end(body);
    try {
      const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      for await (const chunk of answer as AsyncIterable<Buffer>) response.write(chunk);
      response.end();
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ECONNREFUSED") return false;
      throw error;
    }
  }

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
      agent.destroy();
    },
  };
}
