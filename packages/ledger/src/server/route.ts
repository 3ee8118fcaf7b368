// SPDX-License-Identifier: MIT
import type { IncomingHttpHeaders } from "node:http";
import type { Caller } from "./access/caller";
import type { WatchedRequest } from "./observe/watched-request";
import { unknownOperation, badRequest, type Api } from "./aws-error";

/** A request after it was routed. */
export interface RouteRequest {
  /** The values of the path's places: `{Name}` of the route is `parameters.Name`. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Whose request it is. */
  readonly caller: Caller;
  /** The description for those that watch the server; a route with several operations names the one that was asked for. */
  readonly watched: Pick<WatchedRequest, "operation" | "isForwarded">;
  /** True if the client still waits: what nobody waits for need not be finished. */
  readonly isWaiting: () => boolean;
}

/** An answer that is not JSON: bytes, one piece after the other, as fast as the client takes them. */
export class ByteAnswer {
  readonly chunks: AsyncIterable<Uint8Array>;
  /** How many bytes there will be, where that is known: a client then sees that an answer was cut short. */
  readonly length: number | undefined;
  /** Gives back what the chunks come from; called however sending ends. */
  readonly release: () => Promise<void>;

  constructor(
    chunks: AsyncIterable<Uint8Array>,
    { length, release }: Partial<Pick<ByteAnswer, "length" | "release">> = {},
  ) {
    this.chunks = chunks;
    this.length = length;
    this.release = release ?? (() => Promise.resolve());
  }
}

/** The members of a JSON answer; `undefined` for an empty body. */
export type Answer = Record<string, unknown> | undefined;

/** One operation of the ledger's HTTP API. */
export interface Route {
  /** The name that AWS's model, or our documentation, gives it. */
  readonly operation: string;
  readonly api: Api;
  /** `METHOD /path/{Place}`; for the session API `METHOD TARGET`, where the target is the header X-Amz-Target. */
  readonly at: string;
  /** Throws if the caller lacks the permission for the request. */
  readonly authorize: (request: RouteRequest) => void;
  readonly answer: (request: RouteRequest) => Promise<Answer | ByteAnswer>;
}

/** Where a request wants to go. */
export interface RequestAddress {
  readonly method: string;
  readonly path: string;
  readonly target: string | undefined;
}

/** A route and what stood in its places. */
export interface FoundRoute {
  readonly route: Route;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Finds the route of a request. Throws `UnknownOperationException` where there is none. */
export function findRoute(routes: readonly Route[], address: RequestAddress): FoundRoute {
  const segments = toSegments(address.target ?? address.path).map(decodeSegment);
  for (const route of routes) {
    if ((route.api === "session") !== (address.target !== undefined)) continue;
    const [method, pattern = ""] = route.at.split(" ");
    if (method !== address.method) continue;
    const parameters = match(toSegments(pattern), segments);
    if (parameters !== undefined) return { route, parameters };
  }
  throw unknownOperation();
}

/** Slashes at both ends say nothing; an empty segment between two is one that matches no place. */
function toSegments(path: string): string[] {
  return path.replace(/^\/|\/$/g, "").split("/");
}

function match(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [at, expected] of pattern.entries()) {
    const found = segments[at] ?? "";
    const place = /^\{(\w+)\}$/.exec(expected)?.[1];
    if (place === undefined ? found !== expected : found === "") return undefined;
    if (place !== undefined) parameters[place] = found;
  }
  return parameters;
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    if (error instanceof URIError) throw badRequest("Expected a percent-encoded path, found a broken one.");
    throw error;
  }
}
