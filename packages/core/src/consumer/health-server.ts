// SPDX-License-Identifier: MIT
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { HealthServerError } from "../errors";
import { PROMETHEUS_CONTENT_TYPE } from "../observe/prometheus-metrics";

/** Figures in Prometheus' text format. */
export interface MetricsPage {
  render(): string | Promise<string>;
}

/** Where and what a process answers about itself. */
export interface HealthOptions {
  /** @defaultValue `"127.0.0.1"`: nobody but this machine */
  readonly host?: string;
  /** 0: any free port. */
  readonly port: number;
  /** The problems, a sentence each, as `LoaderHealth` knows it. Default: nothing is. */
  readonly problems?: () => Promise<readonly string[]>;
  /** The answer of `/metrics`. Default: nothing. */
  readonly metrics?: MetricsPage;
  /** Answers other paths, such as `/`. Returns false for a path that it does not know. Default: there are no others. */
  readonly page?: (path: string, response: ServerResponse) => Promise<boolean>;
  /** Called with the address, such as `http://127.0.0.1:9464`, once it answers. */
  readonly onListening?: (url: string) => void;
}

/** A server for `/health` and `/metrics`. */
export interface HealthServer {
  /** From now on `/health` says that the process is about to end. */
  drain(): void;
  close(): Promise<void>;
}

/**
 * Answers `/health` and `/health/ready` (200, or 503 with the problems), `/health/live` (200 as long as the process answers at
 * all) and `/metrics` (Prometheus' text format).
 *
 * @throws HealthServerError if it cannot listen there.
 */
export async function startHealthServer(options: HealthOptions): Promise<HealthServer> {
  const { host = "127.0.0.1", port } = options;
  let draining = false;
  const server = createServer((request, response) => {
    answer(request, response, options, draining).catch(() => response.destroy());
  });
  await listen(server, host, port);
  const { port: found } = server.address() as AddressInfo;
  options.onListening?.(`http://${host.includes(":") ? `[${host}]` : host}:${found}`);
  return {
    drain: () => {
      draining = true;
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  try {
    server.listen(port, host);
    await once(server, "listening");
  } catch (error) {
    throw new HealthServerError(host, port, error);
  }
}

async function answer(
  { method, url }: IncomingMessage,
  response: ServerResponse,
  options: HealthOptions,
  draining: boolean,
): Promise<void> {
  const { metrics } = options;
  const path = new URL(url ?? "/", "http://localhost").pathname;
  if (method !== "GET" && method !== "HEAD") {
    response.writeHead(405, { allow: "GET, HEAD" }).end();
  } else if (path === "/health/live") {
    sendHealth(response, "ok", []);
  } else if (path === "/health" || path === "/health/ready") {
    const found = draining ? ["the process is about to end"] : ((await options.problems?.()) ?? []);
    sendHealth(response, draining ? "draining" : found.length === 0 ? "ok" : "unhealthy", found);
  } else if (path === "/metrics" && metrics !== undefined) {
    const page = await metrics.render();
    response.writeHead(200, { "content-type": PROMETHEUS_CONTENT_TYPE }).end(page);
  } else if (!((await options.page?.(path, response)) ?? false)) {
    response.writeHead(404).end();
  }
}

function sendHealth(
  response: ServerResponse,
  status: "ok" | "unhealthy" | "draining",
  problems: readonly string[],
): void {
  response
    .writeHead(status === "ok" ? 200 : 503, {
      "content-type": "application/json",
      "cache-control": "no-store",
    })
    .end(JSON.stringify({ status, problems }));
}
