// SPDX-License-Identifier: MIT
import { once } from "node:events";
import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What becomes of a request: it passes, is refused as too frequent, or its answer breaks off in the middle of the body. */
export type Fate = "pass" | "slow-down" | "truncate";

/** Stands before a server of S3's protocol. */
export interface BucketGate {
  readonly endpoint: string;
  /** Decides about each request for an object's content, counted from 1. */
  fate: (count: number) => Fate;
  close(): Promise<void>;
}

const SLOW_DOWN = "<Error><Code>SlowDown</Code><Message>Reduce your request rate.</Message></Error>";

/** Opens a gate before the server at `endpoint`, through which all passes until `fate` is set. */
export async function startBucketGate(endpoint: string): Promise<BucketGate> {
  let count = 0;
  const server = createServer((incoming, response) => {
    const isContent = incoming.method === "GET" && !incoming.url!.includes("list-type");
    if (isContent) count++;
    const fate = isContent ? gate.fate(count) : "pass";
    if (fate === "slow-down") response.writeHead(503).end(SLOW_DOWN);
    else forward(endpoint, incoming, response, fate === "truncate");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const gate: BucketGate = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fate: () => "pass",
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return gate;
}

function forward(
  endpoint: string,
  incoming: IncomingMessage,
  response: ServerResponse,
  isCut: boolean,
): void {
  const { method, url, headers } = incoming;
  const onward = request(new URL(url ?? "/", endpoint), { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    if (!isCut) answer.pipe(response);
    else
      answer.once("data", (chunk: Buffer) => {
        response.write(chunk.subarray(0, chunk.length / 2), () => response.destroy());
      });
  });
  onward.on("error", () => response.destroy());
  incoming.pipe(onward);
}
