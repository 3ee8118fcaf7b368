// SPDX-License-Identifier: MIT
import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { AwsError } from "../aws-error";
import type { HostCheck } from "../access/request-guard";

/** The web page of a server. */
export interface ExplorerOptions {
  /** The folder with the page's files: `index.html` and what it loads. They are read when a browser asks for them. */
  readonly folder: string;
  /**
   * `read`: what a browser sends may not change anything. `write`: it may do what any client may.
   *
   * @defaultValue `read`
   */
  readonly mode?: "read" | "write";
}

/** Answers a browser's request for the page. */
export interface ExplorerPage {
  /** True for a request that {@link ExplorerPage.answer} answers. */
  isFor(request: IncomingMessage): boolean;
  /** @throws AwsError if the request names another host, or a file is missing */
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** The page's files by their paths. Nothing else of the folder is served. */
const FILES: Readonly<Record<string, readonly [file: string, type: string]>> = {
  "/": ["index.html", "text/html; charset=utf-8"],
  "/explorer/app.js": ["app.js", "text/javascript; charset=utf-8"],
  "/explorer/app.css": ["app.css", "text/css; charset=utf-8"],
  "/explorer/icon.svg": ["icon.svg", "image/svg+xml"],
};

const SETTINGS_PATH = "/explorer/settings";

/** The page loads nothing but its own files, talks to its own server alone, and stands in no frame. */
const HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-cache",
};

/**
 * Makes the page of a server.
 *
 * The files hold no data, so they are handed out without a signature, also when a link leads to them from another page. A request
 * must name a known host all the same: a page whose name was rebound to this address gets nothing.
 *
 * @param settings.needsKey - true if the server's requests must be signed
 */
export function createExplorerPage(
  { folder, mode = "read" }: ExplorerOptions,
  settings: { readonly needsKey: boolean },
  requireKnownHost: HostCheck,
): ExplorerPage {
  return {
    isFor: ({ method, url = "/", headers }) =>
      (method === "GET" || method === "HEAD") &&
      headers["x-amz-target"] === undefined &&
      (pathOf(url) in FILES || pathOf(url) === SETTINGS_PATH),
    answer: async (request, response) => {
      requireKnownHost(request);
      const path = pathOf(request.url ?? "/");
      if (path === SETTINGS_PATH) {
        const body = JSON.stringify({ mode, ...settings });
        send(request, response, { body: Buffer.from(body), type: "application/json" });
        return;
      }
      const [file, type] = FILES[path] ?? FILES["/"] ?? ["index.html", "text/html"];
      send(request, response, { body: await readPageFile(folder, file), type });
    },
  };
}

function pathOf(url: string): string {
  return url.split("?", 1)[0] ?? "/";
}

async function readPageFile(folder: string, file: string): Promise<Buffer> {
  try {
    return await readFile(join(folder, file));
  } catch (error) {
    const { code = "an error" } = error as NodeJS.ErrnoException;
    throw new AwsError(
      "ServiceUnavailableException",
      503,
      `Expected the file ${file} of the explorer in ${folder}, found ${code}: in a checkout, build it with "pnpm build". ` +
        'A server does without the page with "ledger serve --explorer off".',
    );
  }
}

function send(
  { method }: IncomingMessage,
  response: ServerResponse,
  { body, type }: { readonly body: Buffer; readonly type: string },
): void {
  response.writeHead(200, { ...HEADERS, "content-type": type, "content-length": body.length });
  response.end(method === "HEAD" ? undefined : body);
}
