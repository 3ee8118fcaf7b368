// SPDX-License-Identifier: MIT
import { Probe, startHealthServer, type HealthServer } from "@ledger-loader/core";
import type { LedgerServer, ServerObserver } from "@ledger-loader/ledger";
import { openServerMetrics, type ServerMetrics } from "./server-metrics";

/** Where a ledger server answers about itself. */
export interface ServerHealthOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
}

/** Answers `/health` and `/metrics` for a ledger server, from before it opens its storage until it has ended. */
export class ServerHealth {
  readonly #metrics: ServerMetrics;
  #answers: HealthServer | undefined;
  #storage: Probe | undefined;
  #isStopping = false;
  #url = "";

  private constructor(metrics: ServerMetrics) {
    this.#metrics = metrics;
  }

  /** @throws HealthServerError if it cannot listen there */
  static async start(options: ServerHealthOptions): Promise<ServerHealth> {
    const health = new ServerHealth(await openServerMetrics());
    await health.#listen(options);
    return health;
  }

  /** Such as `http://127.0.0.1:9464`. */
  get url(): string {
    return this.#url;
  }

  get onRequest(): ServerObserver["onRequest"] {
    return this.#metrics.onRequest;
  }

  /** The server has opened its storage and listens. It is ready as long as the storage answers. */
  opened({ store, measure }: Pick<LedgerServer, "store" | "measure">): void {
    this.#storage = new Probe({ ask: () => store.listLedgers() });
    this.#metrics.watch({ measure });
  }

  /** The server was asked to stop: it is not ready any more. */
  stopping(): void {
    this.#isStopping = true;
    this.#answers?.drain();
  }

  async close(): Promise<void> {
    await this.#answers?.close();
  }

  async #listen({ host, port }: ServerHealthOptions): Promise<void> {
    this.#answers = await startHealthServer({
      host,
      port,
      metrics: { render: () => this.#renderMetrics() },
      problems: () => this.#findProblems(),
      onListening: (url) => {
        this.#url = url;
      },
    });
  }

  async #renderMetrics(): Promise<string> {
    const problems = await this.#findProblems();
    return this.#metrics.render(problems.length === 0 && !this.#isStopping);
  }

  async #findProblems(): Promise<readonly string[]> {
    if (this.#storage === undefined) return ["the server is starting"];
    return (await this.#storage.answers()) ? [] : ["the storage of the ledgers does not answer"];
  }
}
