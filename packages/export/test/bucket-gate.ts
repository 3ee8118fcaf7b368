// SPDX-License-Identifier: MIT
import { once } from "node:events";
import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What becomes of a request: it passes, is refused as too frequent, or its answer breaks off in the middle of the body. */
export type Fate = "pass" | "slow-down" | "truncate";

/** Stands before a server of S3's protocol. */
export interface BucketGate {
  readonly endpoint: string;
  /** Decides about the requests for each object's content, counted from 1. */
  fate: (count: number, path: string) => Fate;
  /** Whether the client gets no answer to a request that puts an object: the server has put it. Default: the client does. */
  losesAnswer: (path: string) => boolean;
  close(): Promise<void>;
}

const SLOW_DOWN = "<Error><Code>SlowDown</Code><Message>Reduce your request rate.</Message></Error>";

/** Opens a gate before the server at `endpoint`, through which all passes until `fate` is set. */
export async function startBucketGate(endpoint: string): Promise<BucketGate> {
  const counts = new Map<string, number>();
  const server = createServer((incoming, response) => {
    const { method, url = "/" } = incoming;
    const isContent = method === "GET" && !url.includes("list-type");
    const count = (counts.get(url) ?? 0) + 1;
    if (isContent) counts.set(url, count);
    const fate = isContent ? gate.fate(count, url) : "pass";
    if (fate === "slow-down") response.writeHead(503).end(SLOW_DOWN);
    else if (method === "PUT" && gate.losesAnswer(url)) forward(endpoint, incoming, response, "lose");
    else forward(endpoint, incoming, response, fate === "truncate" ? "cut" : "pass");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const gate: BucketGate = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fate: () => "pass",
    losesAnswer: () => false,
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
  answering: "pass" | "cut" | "lose",
): void {
  const { method, url, headers } = incoming;
  const onward = request(new URL(url ?? "/", endpoint), { method, headers }, (answer) => {
    if (answering === "lose") {
      response.destroy();
      return;
    }
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    if (answering === "pass") answer.pipe(response);
    else
      answer.once("data", (chunk: Buffer) => {
        response.write(chunk.subarray(0, chunk.length / 2), () => response.destroy());
      });
  });
  onward.on("error", () => response.destroy());
  incoming.pipe(onward);
}
