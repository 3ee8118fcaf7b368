// SPDX-License-Identifier: MIT

/** The server processes that share one database, as one of them sees them. */
export interface ServerPeers {
  /** Where a server is reached; `undefined` if it has ended, or has not been heard of for a while. */
  find(serverId: string): Promise<ServerAddress | undefined>;
  /** Tells the others that this server ends. */
  leave(): Promise<void>;
}

/** A server's description of itself. */
export interface ServerAddress {
  readonly serverId: string;
  /** The URL at which the other servers reach it. */
  readonly address: string;
  /** The certificate that the server has made for itself, in PEM, so that the others trust it. */
  readonly certificate: string | undefined;
}
