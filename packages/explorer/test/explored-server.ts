// SPDX-License-Identifier: MIT
import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LedgerServer, type LedgerServerOptions, openLedgerServer } from "@ledger-loader/ledger";

const REPOSITORY = join(__dirname, "..", "..", "..");
const PAGE = join(__dirname, "..", "dist", "page");

/** Bundles the page as users get it. */
export function bundlePage(): void {
  execFileSync(process.execPath, [join(REPOSITORY, "scripts", "bundle-explorer.mjs")]);
}

/** How a server of a test is opened. */
export type ExploredOptions = Omit<LedgerServerOptions, "dataFolder" | "explorer">;

/** A real ledger server with the page, in a folder of its own. */
export class ExploredServer {
  readonly dataFolder: string;
  #server: LedgerServer | undefined;

  private constructor(dataFolder: string) {
    this.dataFolder = dataFolder;
  }

  static async open(mode: "read" | "write", options: ExploredOptions = {}): Promise<ExploredServer> {
    const explored = new ExploredServer(await mkdtemp(join(tmpdir(), "explorer-")));
    await explored.open(mode, options);
    return explored;
  }

  get endpoint(): string {
    return this.#running.endpoint;
  }

  /** Opens the server, again after {@link ExploredServer.stop}. */
  async open(mode: "read" | "write", options: ExploredOptions = {}): Promise<void> {
    const { dataFolder } = this;
    this.#server = await openLedgerServer({ ...options, dataFolder, explorer: { folder: PAGE, mode } });
  }

  /** Runs statements, each in a transaction of its own. Creates the ledger if it is missing. */
  async run(ledger: string, ...statements: readonly string[]): Promise<void> {
    const { store } = this.#running;
    if (!(await store.listLedgers()).includes(ledger)) await store.createLedger(ledger);
    const embedded = await store.open(ledger);
    for (const statement of statements)
      await embedded.transact((transaction) => transaction.execute(statement));
  }

  get store(): LedgerServer["store"] {
    return this.#running.store;
  }

  /** How many blocks a ledger has. */
  async countBlocks(ledger: string): Promise<number> {
    const head = await (await this.#running.store.open(ledger)).readHead();
    return head === undefined ? 0 : head.sequenceNo + 1;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    await server?.close();
  }

  async close(): Promise<void> {
    await this.stop();
    await rm(this.dataFolder, { recursive: true, force: true });
  }

  get #running(): LedgerServer {
    if (this.#server === undefined) throw new Error("Expected a running server, found a stopped one.");
    return this.#server;
  }
}
