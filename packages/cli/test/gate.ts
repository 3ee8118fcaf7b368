// SPDX-License-Identifier: MIT
import { once } from "node:events";
import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Stands before a server and lets requests through; once it is shut it keeps all of them, until it is opened. */
export interface Gate {
  readonly endpoint: string;
  /** Resolves when the gate is shut: a process behind it is in the middle of its work, and stays there. */
  readonly shut: Promise<void>;
  /** Lets through what waits, and everything after it. */
  open(): void;
  close(): Promise<void>;
}

/**
 * Opens a gate before the ledger server at `endpoint`, shut by the first request to commit after so many commits, counted from
 * the moment on that `hasBegun`. A commit counts when the ledger has answered that it is done: one that conflicts is none.
 */
export function startGate(
  endpoint: string,
  commitsMax: number,
  hasBegun: () => boolean = () => true,
): Promise<Gate> {
  let commits = 0;
  const isCommit = (body: Buffer): boolean => body.includes('"CommitTransaction"');
  return startGateBefore(
    endpoint,
    (body) => isCommit(body) && commits >= commitsMax,
    (body, status) => {
      if (status === 200 && isCommit(body) && hasBegun()) commits += 1;
    },
  );
}

/** Opens a gate before the server at `endpoint`, shut by the first request that `isTime` says so of; bodies pass as `change` makes them. */
export async function startGateBefore(
  endpoint: string,
  isTime: (body: Buffer) => boolean,
  onAnswer: (body: Buffer, status: number) => void = () => undefined,
  change: (body: Buffer) => Buffer = (body) => body,
): Promise<Gate> {
  let isOpen = false;
  let isShut = false;
  let reportShut: () => void = () => undefined;
  const shut = new Promise<void>((resolve) => {
    reportShut = resolve;
  });
  const waiting: (() => void)[] = [];
  const server = createServer((incoming, response) => {
    void readBody(incoming).then((sent) => {
      const body = change(sent);
      isShut ||= isTime(body);
      const pass = (): void => {
        forward(endpoint, incoming, body, response, onAnswer);
      };
      if (isOpen || !isShut) pass();
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

function forward(
  endpoint: string,
  incoming: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
  onAnswer: (body: Buffer, status: number) => void,
): void {
  const { method, url, headers } = incoming;
  const onward = request(
    new URL(url ?? "/", endpoint),
    { method, headers: { ...headers, host: new URL(endpoint).host, "content-length": body.length } },
    (answer) => {
      onAnswer(body, answer.statusCode ?? 500);
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    },
  );
  // The process behind the gate may be gone, and its requests with it.
  onward.on("error", () => response.destroy());
  onward.end(body);
}
