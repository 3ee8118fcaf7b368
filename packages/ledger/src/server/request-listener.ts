// SPDX-License-Identifier: MIT
import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Authenticate, Caller } from "./access/caller";
import type { RequestGuard } from "./access/request-guard";
import { AwsError, toAwsError, type Api } from "./aws-error";
import type { ConnectionLimit } from "./connection-limit";
import type { ExplorerPage } from "./explorer/explorer-page";
import { isFromBrowser, requireReading, toReader } from "./explorer/read-only";
import type { ServerObserver } from "./observe/server-observer";
import { WatchedRequest } from "./observe/watched-request";
import { LostAnswerError } from "./peers/lost-answer-error";
import { type BodyLimits, ClientGoneError, readBody } from "./request-body";
import { type Answer, ByteAnswer, findRoute, type Route } from "./route";

/** The options of the listener. */
export interface RequestListenerOptions {
  readonly routes: readonly Route[];
  readonly bodies: BodyLimits;
  readonly connections: ConnectionLimit;
  readonly guard: RequestGuard;
  readonly authenticate: Authenticate;
  /** The web page; `undefined` for a server without one. */
  readonly page?: ExplorerPage | undefined;
  /** True if what a browser sends may only read. */
  readonly areBrowsersReaders?: boolean;
  readonly onDefect?: ((error: unknown) => void) | undefined;
  readonly observer?: ServerObserver | undefined;
}

/** Answers a request; never rejects. */
export type RequestAnswerer = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Leads every request to its route, and what comes of it back to the client. */
export function createRequestListener(options: RequestListenerOptions): RequestAnswerer {
  return (request, response) => {
    const watched = new WatchedRequest(options.observer);
    return answer(options, { request, response, watched }).catch(() => {
      // `answer` reports failures itself; what is left is a client that went away, or that cannot be told anything true. It
      // must not wait: to destroy a request that was read to its end would leave the connection open.
      response.destroy();
      watched.abandoned();
    });
  };
}

/** A request, and what becomes of it. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly watched: WatchedRequest;
}

async function answer(
  options: RequestListenerOptions,
  { request, response, watched }: Exchange,
): Promise<void> {
  // The session API names its operation in this header, the control plane in method and path.
  const target = request.headers["x-amz-target"]?.toString();
  const api: Api = target === undefined ? "control-plane" : "session";
  try {
    const body = await readBody(request, options.bodies);
    options.connections.check(request);
    if (options.page?.isFor(request) === true) {
      watched.operation = "Explorer";
      await options.page.answer(request, response);
      watched.answered();
      return;
    }
    options.guard(request, body);
    const caller = await findCaller(options, request, body);
    const { method = "GET", url = "/" } = request;
    const queryAt = url.includes("?") ? url.indexOf("?") : url.length;
    const [path, query] = [url.slice(0, queryAt), new URLSearchParams(url.slice(queryAt))];
    const { route, parameters } = findRoute(options.routes, { method, path, target });
    watched.operation = route.operation;
    const routed = {
      parameters,
      query,
      headers: request.headers,
      body,
      caller,
      watched,
      isWaiting: () => !response.destroyed,
    };
    requireReading(route, caller);
    route.authorize(routed);
    const content = await route.answer(routed);
    if (content instanceof ByteAnswer) await sendBytes(response, content);
    else send(response, 200, api, content);
    watched.answered();
  } catch (error) {
    const hasNobodyToTell = error instanceof ClientGoneError || error instanceof LostAnswerError;
    if (response.headersSent || hasNobodyToTell) throw error;
    const { name, status, message, members } =
      toAwsError(error, api) ?? reportDefect(error, options.onDefect);
    // Clients take the name from the header or, where there is none, from `__type`.
    response.setHeader("x-amzn-errortype", name);
    send(response, status, api, { __type: name, Message: message, ...members });
    watched.refused(name, error);
  }
}

async function findCaller(
  { authenticate, areBrowsersReaders }: RequestListenerOptions,
  request: IncomingMessage,
  body: Buffer,
): Promise<Caller> {
  const caller = await authenticate(request, body);
  return areBrowsersReaders === true && isFromBrowser(request) ? toReader(caller) : caller;
}

async function sendBytes(response: ServerResponse, answer: ByteAnswer): Promise<void> {
  const { chunks, length } = answer;
  response.writeHead(200, {
    "content-type": "application/octet-stream",
    ...(length === undefined ? {} : { "content-length": length }),
  });
  // What fails from here on cuts the answer short, so that the client sees that it is incomplete.
  try {
    await pipeline(Readable.from(chunks, { objectMode: false }), response);
  } finally {
    await answer.release();
  }
}

function reportDefect(error: unknown, onDefect: RequestListenerOptions["onDefect"]): AwsError {
  onDefect?.(error);
  return new AwsError("InternalFailure", 500, "The ledger failed; see the log of the server.");
}

function send(response: ServerResponse, status: number, api: Api, content: Answer): void {
  const body = content === undefined ? "" : JSON.stringify(content);
  response.writeHead(status, {
    "content-type": api === "session" ? "application/x-amz-json-1.0" : "application/json",
    "content-length": Buffer.byteLength(body),
    "x-amzn-requestid": randomUUID(),
  });
  response.end(body);
}
