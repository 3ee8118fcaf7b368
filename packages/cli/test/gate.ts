// SPDX-License-Identifier: MIT
import { once } from "node:events";
import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Stands before a ledger server and lets so many commits through; then it keeps all requests, until it is opened. */
export interface Gate {
  readonly endpoint: string;
  /** Resolves when the gate is shut: a process behind it is in the middle of its work, and stays there. */
  readonly shut: Promise<void>;
  /** Lets through what waits, and everything after it. */
  open(): void;
  close(): Promise<void>;
}

/** Opens a gate before the server at `endpoint`, which counts commits from the moment on that `hasBegun`. */
export async function startGate(
  endpoint: string,
  commitsMax: number,
  hasBegun: () => boolean = () => true,
): Promise<Gate> {
  let commits = 0;
  let isOpen = false;
  let reportShut: () => void = () => undefined;
  const shut = new Promise<void>((resolve) => {
    reportShut = resolve;
  });
  const waiting: (() => void)[] = [];
  const server = createServer((incoming, response) => {
    void readBody(incoming).then((body) => {
      if (body.includes('"CommitTransaction"') && hasBegun()) commits += 1;
      const pass = (): void => {
        forward(endpoint, incoming, body, response);
      };
      if (isOpen || commits <= commitsMax) pass();
      else {
        waiting.push(pass);
        reportShut();
      }
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    shut,
    open: () => {
      isOpen = true;
      for (const pass of waiting.splice(0)) pass();
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function forward(endpoint: string, incoming: IncomingMessage, body: Buffer, response: ServerResponse): void {
  const { method, url, headers } = incoming;
  const onward = request(
    new URL(url ?? "/", endpoint),
    { method, headers: { ...headers, host: new URL(endpoint).host } },
    (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    },
  );
  // The process behind the gate may be gone, and its requests with it.
  onward.on("error", () => response.destroy());
  onward.end(body);
}
