// SPDX-License-Identifier: MIT
import { SignatureV4 } from "@smithy/signature-v4";
import { ServerError } from "./server-error";
import { Sha256 } from "./sha256";

/** The two parts of an access key. */
export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** A request to the server that the page came from. */
export interface ServerRequest {
  readonly method: "GET" | "POST";
  /** With its places percent-encoded, without a query. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body?: unknown;
}

/** The server does not check the region. The signature needs one. */
const REGION = "us-east-1";

let accessKey: AccessKey | undefined;

/** Signs all later requests with this key. The key stays in the memory of the page. */
export function setAccessKey(key: AccessKey | undefined): void {
  accessKey = key;
}

/** The answer to a request, as JSON. @throws ServerError */
export async function sendForJson(request: ServerRequest): Promise<Record<string, unknown>> {
  const response = await send(request);
  const text = await response.text();
  return text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
}

/** Sends a request. @throws ServerError if the server does not answer it with status 200 */
export async function send(request: ServerRequest): Promise<Response> {
  const body = request.body === undefined ? undefined : JSON.stringify(request.body);
  const response = await fetchSigned(request, body);
  if (response.ok) return response;
  throw await readError(response);
}

async function fetchSigned(request: ServerRequest, body: string | undefined): Promise<Response> {
  const { method, path, query = {} } = request;
  const headers = await signedHeaders(request, body);
  const search = new URLSearchParams(query).toString();
  try {
    return await fetch(search === "" ? path : `${path}?${search}`, {
      method,
      headers,
      cache: "no-store",
      ...(body === undefined ? {} : { body }),
    });
  } catch (error) {
    throw new ServerError(
      "NoAnswer",
      0,
      `The server at ${location.host} does not answer: start it again with "ledger-loader ledger serve". (${String(error)})`,
    );
  }
}

async function signedHeaders(
  { method, path, query = {}, headers = {} }: ServerRequest,
  body: string | undefined,
): Promise<Record<string, string>> {
  const plain = { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers };
  if (accessKey === undefined) return plain;
  const signer = new SignatureV4({
    credentials: accessKey,
    region: REGION,
    service: "qldb",
    sha256: Sha256,
  });
  const { protocol, hostname, host } = location;
  const signed = await signer.sign({
    ...{ method, protocol, hostname, path, query },
    headers: { ...plain, host },
    ...(body === undefined ? {} : { body }),
  });
  // The browser itself sets the host.
  const { host: _host, ...sent } = signed.headers;
  return sent;
}

async function readError(response: Response): Promise<ServerError> {
  const text = await response.text();
  const name = response.headers.get("x-amzn-errortype") ?? "UnknownError";
  return new ServerError(name, response.status, messageOf(text) ?? `status ${response.status}`);
}

function messageOf(text: string): string | undefined {
  try {
    const { Message: message } = JSON.parse(text) as { readonly Message?: unknown };
    return typeof message === "string" ? message : undefined;
  } catch {
    return undefined;
  }
}
