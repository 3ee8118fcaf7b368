// SPDX-License-Identifier: MIT
import type { IncomingMessage } from "node:http";
import { accessDenied, AwsError } from "../aws-error";
import { isLoopback, toHostName } from "./host-name";

/** Throws an `AwsError` for a request that a web page may have sent through the operator's browser. */
export type RequestGuard = (request: IncomingMessage, body: Buffer) => void;

/** Throws an `AwsError` for a request whose `Host` is no name of this server. */
export type HostCheck = (request: IncomingMessage) => void;

/** The types of body that QLDB's clients send: JSON 1.0 for sessions, plain JSON for the control plane. */
const jsonTypes = ["application/json", "application/x-amz-json-1.0", "application/x-amz-json-1.1"];

/**
 * Makes the guard of a server: web pages of others must not reach it, even on loopback. The server's own page may.
 *
 * A foreign page can send requests to any address (`Origin` and `Sec-Fetch-Site` of the Fetch standard give it away, and
 * without a JSON type it needs no preflight). A page whose name was rebound to the server's address counts as its own origin;
 * its `Host` is still the foreign name.
 *
 * @param allowedHosts - names that clients use for the server, without port; loopback and the address that a request
 * arrived at are always known
 */
export function createRequestGuard(allowedHosts: readonly string[]): RequestGuard {
  const requireHost = createHostCheck(allowedHosts);
  return (request, body) => {
    requireHost(request);
    requireOwnOrigin(request);
    if (body.length > 0) requireJson(request);
  };
}

/** Makes the check of the names in `Host`, with the names as {@link createRequestGuard} takes them. */
export function createHostCheck(allowedHosts: readonly string[]): HostCheck {
  const names = new Set(allowedHosts.map(toHostName));
  return (request) => {
    requireKnownHost(request, names);
  };
}

function requireKnownHost({ headers, socket }: IncomingMessage, names: ReadonlySet<string>): void {
  const host = toHostName((headers.host ?? "").replace(/:\d*$/, ""));
  const { localAddress } = socket;
  const isLocalAddress = localAddress !== undefined && host === toHostName(localAddress);
  if (names.has(host) || isLoopback(host) || isLocalAddress) return;
  throw accessDenied(
    "Expected a Host header with a name or address of this server, found another. " +
      'If clients use that name, pass it to the server: "ledger serve --allow-host NAME".',
  );
}

function requireOwnOrigin({ headers }: IncomingMessage): void {
  const { origin, host, "sec-fetch-site": site } = headers;
  const isOwnOrigin = origin === undefined || hostOf(origin) === host?.toLowerCase();
  const isOwnSite = site === undefined || site === "same-origin" || site === "none";
  if (isOwnOrigin && isOwnSite) return;
  throw accessDenied(
    "Expected a request of a QLDB client, found one of a web page from another origin. " +
      "Call the ledger from a program instead of a browser.",
  );
}

function requireJson({ headers }: IncomingMessage): void {
  const type = (headers["content-type"] ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
  if (jsonTypes.includes(type)) return;
  const message = `Expected a body of Content-Type ${jsonTypes.join(", ")}, found another type: set this header.`;
  throw new AwsError("UnsupportedMediaTypeException", 415, message);
}

/** Host and port of an origin; `undefined` for `null`, which sandboxed pages and files send. */
function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
