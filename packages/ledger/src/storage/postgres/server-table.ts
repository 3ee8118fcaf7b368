// SPDX-License-Identifier: MIT
import type { ServerAddress, ServerPeers } from "../server-peers";
import type { PostgresDatabase } from "./postgres-database";
import { REGISTRY } from "./postgres-schema";

/** How often a server shows that it lives, and how long the others believe in it without. */
const HEARTBEAT_MS = 2000;
const BELIEVED_SECONDS = 10;
/** An address that was found is used this long without asking again. */
const REMEMBERED_MS = 2000;

/** The servers of a database, in a table of it: each writes its address and, every two seconds, that it lives. */
export class ServerTable implements ServerPeers {
  readonly #database: PostgresDatabase;
  readonly #self: ServerAddress;
  readonly #found = new Map<string, { readonly server: ServerAddress; readonly until: number }>();
  readonly #timer: NodeJS.Timeout;
  #beating: Promise<void> = Promise.resolve();

  private constructor(database: PostgresDatabase, self: ServerAddress) {
    this.#database = database;
    this.#self = self;
    this.#timer = setInterval(() => {
      // A database that cannot be reached now is tried again; until then the others stop believing in this server.
      this.#beating = this.#beat().catch(() => undefined);
    }, HEARTBEAT_MS).unref();
  }

  /** Adds a server, and forgets those that ended long ago without leaving. */
  static async join(database: PostgresDatabase, self: ServerAddress): Promise<ServerTable> {
    await database.run(`DELETE FROM ${REGISTRY}.servers WHERE seen_at < now() - interval '1 day'`);
    const table = new ServerTable(database, self);
    try {
      await table.#beat();
      return table;
    } catch (error) {
      clearInterval(table.#timer);
      throw error;
    }
  }

  async find(serverId: string): Promise<ServerAddress | undefined> {
    const known = this.#found.get(serverId);
    if (known !== undefined && known.until > Date.now()) return known.server;
    const [row] = await this.#database.run<[address: string, certificate: string | null]>(
      {
        name: "find_server",
        text: `SELECT address, certificate FROM ${REGISTRY}.servers
          WHERE server_id = $1 AND seen_at > now() - interval '${BELIEVED_SECONDS} seconds'`,
      },
      [serverId],
    );
    this.#found.delete(serverId);
    if (row === undefined) return undefined;
    const server = { serverId, address: row[0], certificate: row[1] ?? undefined };
    this.#found.set(serverId, { server, until: Date.now() + REMEMBERED_MS });
    return server;
  }

  async leave(): Promise<void> {
    clearInterval(this.#timer);
    await this.#beating;
    const { serverId } = this.#self;
    // Where that fails, the others stop believing in this server after a while.
    const text = `DELETE FROM ${REGISTRY}.servers WHERE server_id = $1`;
    await this.#database.run(text, [serverId]).catch(() => undefined);
  }

  async #beat(): Promise<void> {
    await this.#database.run(
      `INSERT INTO ${REGISTRY}.servers (server_id, address, certificate) VALUES ($1, $2, $3)
       ON CONFLICT (server_id) DO UPDATE SET seen_at = now()`,
      [this.#self.serverId, this.#self.address, this.#self.certificate ?? null],
    );
  }
}
