// SPDX-License-Identifier: MIT
import { randomUUID } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { AwsError, badRequest, toAwsError, unknownOperation } from "./aws-error";
import type { ControlPlane, ControlRequest } from "./control-plane";
import type { LedgerStore } from "../ledger-store";
import { parseBody } from "./json";
import { readJournalRequest, streamJournal } from "./journal-download";
import type { SessionApi } from "./session-api";

/** What a request is led to. */
export interface RequestRoutes {
  readonly store: LedgerStore;
  readonly sessionApi: SessionApi;
  readonly controlPlane: ControlPlane;
  readonly bodyBytesMax: number;
  readonly authorize?: (request: IncomingMessage, body: Buffer) => Promise<void>;
  readonly onDefect?: (error: unknown) => void;
}

/** Tells the session API, which names its operation in a header, from the control plane, which has paths. */
export function createRequestListener(routes: RequestRoutes): RequestListener {
  return (request, response) => {
    // `answer` reports failures itself; what is left is a client that went away, to whom there is nothing to say.
    answer(routes, request, response).catch(() => request.destroy());
  };
}

async function answer(
  routes: RequestRoutes,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const target = request.headers["x-amz-target"];
  const contentType = target === undefined ? "application/json" : "application/x-amz-json-1.0";
  try {
    const body = await readBody(request, routes.bodyBytesMax);
    await routes.authorize?.(request, body);
    const url = new URL(request.url ?? "/", "http://ledger");
    const path = url.pathname
      .split("/")
      .filter((segment) => segment !== "")
      .map(decodeSegment);
    const journal = readJournalRequest(request.method, path, url.searchParams);
    if (target === undefined && journal !== undefined) {
      await streamJournal(routes.store, journal, response);
      return;
    }
    const method = request.method ?? "GET";
    const content = await dispatch(routes, target, { method, path, query: url.searchParams, body });
    send(response, 200, contentType, content);
  } catch (error) {
    if (response.headersSent) throw error;
    const { name, status, message, members } = toAwsError(error) ?? reportDefect(error, routes.onDefect);
    // Clients take the name from the header or, where there is none, from `__type`.
    response.setHeader("x-amzn-errortype", name);
    send(response, status, contentType, { __type: name, Message: message, ...members });
  }
}

function dispatch(
  { sessionApi, controlPlane }: RequestRoutes,
  target: string | string[] | undefined,
  request: ControlRequest,
): Promise<Record<string, unknown> | undefined> {
  if (target === "QLDBSession.SendCommand") return sessionApi.send(parseBody(request.body));
  if (target !== undefined) throw unknownOperation();
  return controlPlane.handle(request);
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    if (error instanceof URIError) throw badRequest("Expected a percent-encoded path, found a broken one.");
    throw error;
  }
}

async function readBody(request: IncomingMessage, bytesMax: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // The rest is read and dropped: a client that is still sending would not see an answer.
    if (bytes <= bytesMax) chunks.push(chunk);
    else chunks.length = 0;
  }
  if (bytes > bytesMax) throw badRequest(`Expected a request of at most ${bytesMax} bytes, found ${bytes}.`);
  return Buffer.concat(chunks);
}

function reportDefect(error: unknown, onDefect: RequestRoutes["onDefect"]): AwsError {
  onDefect?.(error);
  return new AwsError("InternalFailure", 500, "The ledger failed; see the log of the server.");
}

function send(
  response: ServerResponse,
  status: number,
  contentType: string,
  content: Record<string, unknown> | undefined,
): void {
  const body = content === undefined ? "" : JSON.stringify(content);
  response.writeHead(status, {
    "content-type": contentType,
    "content-length": Buffer.byteLength(body),
    "x-amzn-requestid": randomUUID(),
  });
  response.end(body);
}
