// SPDX-License-Identifier: MIT
import { once } from "node:events";
import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/**
 * The fate of a request that reads: it passes, is refused as too frequent, or is cut off without an answer; its answer breaks off
 * in the middle of the body, or ends there as if that were all; nothing is ever answered, or nothing more than half of the body; the
 * whole object is the answer to a range of it.
 */
export type Fate =
  "pass" | "whole" | "slow-down" | "reset" | "truncate" | "shorten" | "stall" | "stall-in-body";

/** Stands before a server of S3's protocol. */
export interface BucketGate {
  readonly endpoint: string;
  /** Decides about the requests for each object's content and each page of a listing, counted from 1 for each of them. */
  fate: (count: number, path: string) => Fate;
  /** True if the client gets no answer to a request that puts an object: the server has put it. Default: the client does. */
  losesAnswer: (path: string) => boolean;
  /** True if a request that puts an object stays without an answer, and the server hears nothing of it. Default: none does. */
  swallowsPut: (path: string) => boolean;
  /** How many objects a page of a listing names at most. Default: as many as the server's pages do. */
  pageMax: number | undefined;
  /** How many requests for content were without their whole answer at the same time, at most. */
  readonly readsAtOnceMax: number;
  close(): Promise<void>;
}

const SLOW_DOWN = "<Error><Code>SlowDown</Code><Message>Reduce your request rate.</Message></Error>";

/** Opens a gate before the server at `endpoint`, through which all passes until `fate` is set. */
export async function startBucketGate(endpoint: string): Promise<BucketGate> {
  const counts = new Map<string, number>();
  let [reads, readsMax] = [0, 0];
  const countRead = (response: ServerResponse): void => {
    readsMax = Math.max(readsMax, ++reads);
    response.once("close", () => reads--);
  };
  const server = createServer((incoming, response) => {
    const { method, headers } = incoming;
    if (headers.range !== undefined) countRead(response);
    const url = inPages(incoming.url ?? "/", gate.pageMax);
    const count = (counts.get(url) ?? 0) + 1;
    if (method === "GET") counts.set(url, count);
    const fate = method === "GET" ? gate.fate(count, url) : "pass";
    if (fate === "slow-down") response.writeHead(503).end(SLOW_DOWN);
    else if (fate === "reset") response.destroy();
    else if (fate !== "stall" && !(method === "PUT" && gate.swallowsPut(url))) {
      const isLost = method === "PUT" && gate.losesAnswer(url);
      forward(new URL(url, endpoint), incoming, response, isLost ? "lose" : fate);
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const gate: BucketGate = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fate: () => "pass",
    losesAnswer: () => false,
    swallowsPut: () => false,
    pageMax: undefined,
    get readsAtOnceMax() {
      return readsMax;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return gate;
}

function inPages(url: string, pageMax: number | undefined): string {
  return pageMax !== undefined && url.includes("list-type=2") ? `${url}&max-keys=${pageMax}` : url;
}

function forward(
  onwards: URL,
  incoming: IncomingMessage,
  response: ServerResponse,
  answering: Fate | "lose",
): void {
  const { method, headers } = incoming;
  const { range: _, ...withoutRange } = headers;
  const sent = answering === "whole" ? withoutRange : headers;
  const onward = request(onwards, { method, headers: sent }, (answer) => {
    if (answering === "lose") response.destroy();
    else if (answering === "pass" || answering === "whole") {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    } else void answerHalf(answer, response, answering);
  });
  onward.on("error", () => response.destroy());
  incoming.pipe(onward);
}

async function answerHalf(answer: IncomingMessage, response: ServerResponse, fate: Fate): Promise<void> {
  const whole = await buffer(answer);
  const half = whole.subarray(0, whole.length / 2);
  const headers = Object.fromEntries(
    // S3 sends no checksum of a part of an object.
    Object.entries(answer.headers).filter(
      ([name]) => !/^(content-length|transfer-encoding|x-amz-checksum)/.test(name),
    ),
  );
  const length = fate === "shorten" ? half.length : whole.length;
  response.writeHead(answer.statusCode ?? 500, { ...headers, "content-length": length });
  if (fate === "shorten") response.end(half);
  else response.write(half, () => fate === "truncate" && response.destroy());
}
