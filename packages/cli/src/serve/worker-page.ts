// SPDX-License-Identifier: MIT
import { readFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { join } from "node:path";
import type { Consumer, Loader, LogFields, Logger } from "@ledger-loader/core";
import { explorerFolder } from "./explorer-folder";
import { ShardBoard } from "./shard-board";

/** The work of a worker. */
export interface WorkerDescription {
  readonly channel: string;
  readonly ledger: string;
}

/** A warning or error of the log, without the ids of records. */
interface RecentProblem {
  readonly time: string;
  readonly level: "warn" | "error";
  readonly message: string;
  readonly fields: LogFields;
}

/** The page's files by their paths. */
const FILES: Readonly<Record<string, readonly [file: string, type: string]>> = {
  "/": ["worker.html", "text/html; charset=utf-8"],
  "/page/worker.js": ["worker.js", "text/javascript; charset=utf-8"],
  "/page/app.css": ["app.css", "text/css; charset=utf-8"],
  "/page/icon.svg": ["icon.svg", "image/svg+xml"],
};

/** The page loads nothing but its own files, and stands in no frame. */
const HEADERS = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "cache-control": "no-cache",
};

/** So many problems are kept, the newest ones. */
const PROBLEMS_MAX = 20;

/** The fields of a line of the log that name no record. */
const SHOWN_FIELDS = ["reason", "table", "status", "error", "attempt", "deliveries", "shard"];

/** The web page of a worker: what it loads now, and what went wrong lately. It shows figures and reasons, and no record. */
export class WorkerPage {
  readonly #description: WorkerDescription;
  readonly #startedAt = new Date().toISOString();
  readonly #shards = new ShardBoard();
  #consumer: Consumer | undefined;
  #problems: readonly RecentProblem[] = [];

  constructor(description: WorkerDescription) {
    this.#description = description;
  }

  /** Keeps the newest warnings and errors of a log for the page. */
  watch(logger: Logger): Logger {
    return {
      debug: (fields, message) => {
        logger.debug(fields, message);
      },
      info: (fields, message) => {
        logger.info(fields, message);
      },
      warn: (fields, message) => {
        this.#note("warn", fields, message);
        logger.warn(fields, message);
      },
      error: (fields, message) => {
        this.#note("error", fields, message);
        logger.error(fields, message);
      },
    };
  }

  /** The same loader, whose batches the page shows by shard. MUST be outside of what parks. */
  count(loader: Loader): Loader {
    return this.#shards.watch(loader);
  }

  /** Shows the shards of a consumer: who reads them, and how far. */
  follow(consumer: Consumer): void {
    this.#consumer = consumer;
  }

  /** Answers a path of the page. Returns false for any other. */
  async answer(path: string, response: ServerResponse): Promise<boolean> {
    if (path === "/page/status") {
      const shards = this.#shards.linesOf(this.#consumer);
      const status = {
        ...this.#description,
        startedAt: this.#startedAt,
        shards,
        problems: this.#problems,
      };
      send(response, "application/json", JSON.stringify(status));
      return true;
    }
    const [file, type] = FILES[path] ?? [];
    if (file === undefined || type === undefined) return false;
    const content = await readFile(join(explorerFolder(), file)).catch(() => undefined);
    if (content === undefined) return false;
    send(response, type, content);
    return true;
  }

  #note(level: RecentProblem["level"], fields: LogFields, message: string): void {
    const shown = Object.entries(fields).filter(([name]) => SHOWN_FIELDS.includes(name));
    const problem = { time: new Date().toISOString(), level, message, fields: Object.fromEntries(shown) };
    this.#problems = [problem, ...this.#problems].slice(0, PROBLEMS_MAX);
  }
}

function send(response: ServerResponse, type: string, content: string | Buffer): void {
  response.writeHead(200, { ...HEADERS, "content-type": type }).end(content);
}
