// SPDX-License-Identifier: MIT
import type { DatabaseChange } from "../../storage/database-change";

/** How a request ended, as those who run a server want to know. */
export interface AnsweredRequest {
  /**
   * QLDB's name of the operation, such as `GetDigest`; for the session API that of the command, such as `ExecuteStatement`.
   * `unknown` for a request that named none of them.
   */
  readonly operation: string;
  /** True if it was passed on to the server that opened its session, which is told of it too. */
  readonly isForwarded: boolean;
  /** `ok`, the name of the error that the client got, such as `OccConflictException`, or `ClientGone`. */
  readonly result: string;
  /** The code of the error, such as `PARTIQL_SYNTAX`, where there is one more exact than `result`. */
  readonly errorCode: string | undefined;
  /** From the request's arrival to the end of its answer, in milliseconds. */
  readonly durationMs: number;
}

/** Something that changed in a running server, and that its operator should see. */
export type ServerChange =
  | { readonly kind: "ledger-opened"; readonly ledger: string }
  /** Clients are refused or cut off because of a limit. Told at most once a minute for each limit. */
  | { readonly kind: "limit-reached"; readonly limit: ServerLimit; readonly max: number }
  | DatabaseChange;

/** A limit that protects a server from its clients; names as in `LedgerLimits`. */
export type ServerLimit =
  "activeSessionsMax" | "connectionsMax" | "openRequestBytesMax" | "openTransactionBytesMax";

/** Told what happens in a server. Both functions MUST return soon and MUST NOT throw. */
export interface ServerObserver {
  /** Called for every request once it is answered, or its client is gone. */
  readonly onRequest?: (request: AnsweredRequest) => void;
  readonly onChange?: (change: ServerChange) => void;
}
