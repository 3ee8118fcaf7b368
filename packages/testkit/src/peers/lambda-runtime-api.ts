// SPDX-License-Identifier: MIT
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** The result of an invocation. `error` is what Lambda reports as `FunctionError`. */
export type LambdaResult =
  | { readonly status: "ok"; readonly payload: unknown }
  | { readonly status: "error"; readonly errorType: string; readonly errorMessage: string };

/** An invocation's result, and whether the process that gave it can go on. */
export interface Answer {
  readonly result: LambdaResult;
  readonly endInstance: boolean;
}

interface Invocation {
  readonly id: string;
  readonly event: string;
  readonly settle: (result: LambdaResult, endInstance?: boolean) => void;
  timer: NodeJS.Timeout;
}

/** Lambda's limit for the payload of a synchronous invocation, in either direction. */
const PAYLOAD_BYTES_MAX = 6 * 1024 * 1024;
/** How long a process may take until it asks for its first event. */
const INIT_LIMIT_MS = 10_000;
const PREFIX = "/2018-06-01/runtime/";

/**
 * The Lambda Runtime API for one instance of a function, on a free port of the loopback interface (AWS Lambda's developer
 * guide, "Using the Lambda runtime API for custom runtimes").
 */
export class RuntimeApi {
  readonly #server: Server;
  readonly #timeoutMs: number;
  #current: Invocation | undefined;
  #waiting: ServerResponse | undefined;

  private constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
    this.#server = createServer((request, response) => {
      const path = request.url?.startsWith(PREFIX) ? request.url.slice(PREFIX.length) : "";
      if (request.method === "GET" && path === "invocation/next") {
        this.#waiting = response;
        this.#deliver();
        return;
      }
      void textOf(request).then((body) => {
        const known = this.#take(path, body);
        response.writeHead(known ? 202 : 400, { "content-type": "application/json" }).end('{"status":"OK"}');
      });
    });
  }

  /** Serves the API; an invocation may take `timeoutMs` from the moment its process got it. */
  static async start(timeoutMs: number): Promise<RuntimeApi> {
    const api = new RuntimeApi(timeoutMs);
    api.#server.listen(0, "127.0.0.1");
    await once(api.#server, "listening");
    return api;
  }

  /** `host:port`, as `AWS_LAMBDA_RUNTIME_API` wants it. */
  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /**
   * Hands an event to the function's process when it asks for the next one, and waits for what it answers. Where
   * `endInstance` is set, the process timed out or could not start: it must be ended.
   */
  async invoke(id: string, event: unknown): Promise<Answer> {
    const text = JSON.stringify(event);
    if (Buffer.byteLength(text) > PAYLOAD_BYTES_MAX) {
      const result = error(
        "RequestEntityTooLarge",
        `Request must be smaller than ${PAYLOAD_BYTES_MAX} bytes`,
      );
      return { result, endInstance: false };
    }
    return new Promise((resolve) => {
      const settle: Invocation["settle"] = (result, endInstance = false) => {
        this.abandon();
        resolve({ result, endInstance });
      };
      this.#current = { id, event: text, settle, timer: timeOut(settle, INIT_LIMIT_MS) };
      this.#deliver();
    });
  }

  /** Drops what is left of an invocation whose process has ended. */
  abandon(): void {
    clearTimeout(this.#current?.timer);
    this.#current = undefined;
  }

  async close(): Promise<void> {
    this.abandon();
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }

  #deliver(): void {
    const invocation = this.#current;
    if (invocation === undefined || this.#waiting === undefined) return;
    // A process that has ended cannot take it, though it once asked.
    if (this.#waiting.socket?.destroyed !== false) {
      this.#waiting = undefined;
      return;
    }
    clearTimeout(invocation.timer);
    invocation.timer = timeOut(invocation.settle, this.#timeoutMs);
    this.#waiting
      .writeHead(200, headersOf(invocation.id, Date.now() + this.#timeoutMs))
      .end(invocation.event);
    this.#waiting = undefined;
  }

  /** Returns whether the process may say this now. */
  #take(path: string, body: string): boolean {
    if (this.#current === undefined) return false;
    if (path === "init/error") this.#current.settle(parseError(body), true);
    else if (path === `invocation/${this.#current.id}/error`) this.#current.settle(parseError(body));
    else if (path === `invocation/${this.#current.id}/response`) this.#current.settle(parseResponse(body));
    else return false;
    return true;
  }
}

function timeOut(settle: Invocation["settle"], afterMs: number): NodeJS.Timeout {
  const message = `Task timed out after ${(afterMs / 1000).toFixed(2)} seconds`;
  return setTimeout(() => {
    settle(error("Sandbox.Timedout", message), true);
  }, afterMs);
}

function headersOf(id: string, deadline: number) {
  return {
    "content-type": "application/json",
    "Lambda-Runtime-Aws-Request-Id": id,
    "Lambda-Runtime-Deadline-Ms": String(deadline),
    "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:us-east-1:000000000000:function:function",
    "Lambda-Runtime-Trace-Id": "Root=1-00000000-000000000000000000000000;Sampled=0",
  };
}

function parseResponse(body: string): LambdaResult {
  if (Buffer.byteLength(body) > PAYLOAD_BYTES_MAX) {
    return error(
      "Function.ResponseSizeTooLarge",
      `Response payload size exceeded ${PAYLOAD_BYTES_MAX} bytes`,
    );
  }
  return { status: "ok", payload: body === "" ? undefined : JSON.parse(body) };
}

function parseError(body: string): LambdaResult {
  const { errorType, errorMessage } = JSON.parse(body) as { errorType?: string; errorMessage?: string };
  return error(errorType ?? "Error", errorMessage ?? "");
}

function error(errorType: string, errorMessage: string): LambdaResult {
  return { status: "error", errorType, errorMessage };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
