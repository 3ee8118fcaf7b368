// SPDX-License-Identifier: MIT
import { types } from "node:util";
import { LedgerClosedError, StoreAccessError, StoreUnreadableError } from "../../errors";
import { DatabaseAccessError, DatabaseUnreachableError } from "./database-errors";

interface Refusal {
  /** How the codes begin. Source: https://www.postgresql.org/docs/15/errcodes-appendix.html */
  readonly codes: readonly string[];
  readonly toError: (database: string, cause: unknown) => Error;
}

function access(codes: readonly string[], found: string, advice: string): Refusal {
  return { codes, toError: (database, cause) => new DatabaseAccessError(database, found, advice, cause) };
}

function store(codes: readonly string[], found: string, advice: string): Refusal {
  return { codes, toError: (database, cause) => new StoreAccessError(database, found, advice, cause) };
}

/** The first that matches counts. */
const REFUSALS: readonly Refusal[] = [
  access(
    ["28P01", "28000"],
    "that its login is refused",
    "check user and password, and the server's pg_hba.conf",
  ),
  access(
    ["3D000"],
    "that the server has no database of this name",
    "create the database, or correct its name",
  ),
  access(
    ["42501"],
    "that the user lacks a right",
    "let the user create schemas in the database (GRANT CREATE ON DATABASE), or connect as the owner of the ledgers",
  ),
  store(["53100"], "that its disk is full", "free space on the disk of the database server"),
  store(["53200"], "that it is out of memory", "give the database server more memory"),
  store(
    ["53300"],
    "that it has no free connection",
    "raise max_connections of the server, or close other clients",
  ),
  store(["25006"], "that it can only be read", "connect to the primary server, not to a standby"),
  store(
    ["55P03", "57014"],
    "that another process holds its lock for too long",
    "look for a process that hangs",
  ),
  store(["58"], "that its disk answers with an error", "look at the log of the database server"),
  {
    codes: ["XX001", "XX002"],
    toError: (database, cause) => new StoreUnreadableError(database, "it is damaged", cause),
  },
  { codes: ["3F000", "42P01"], toError: () => new LedgerClosedError() },
  {
    codes: ["57P", "08"],
    toError: (database, cause) =>
      new DatabaseUnreachableError(database, "that the server is stopping or starting", cause),
  },
];

/** The codes of system calls where a server cannot be reached. */
const NETWORK = /^(?:E(?:AI_AGAIN|CONN\w+|HOST\w+|NET\w+|NOENT|NOTFOUND|PIPE|TIMEDOUT|ACCES))$/;
/** The client library tells a lost connection by a message alone. */
const LOST =
  /^(Connection terminated|timeout e\w+|Client has encountered a connection error|Client was closed|.*SSL connection)/;
/** The login asks for a password, and neither the URL nor the environment has one. */
const NO_PASSWORD = /^SASL: .*password/;

/**
 * Makes an error of PostgreSQL, its client or the network one that names the database; anything else stays as it is.
 *
 * The message of PostgreSQL stays in `cause`: it may quote a key.
 */
export function toDatabaseError(error: unknown, database: string): unknown {
  if (!types.isNativeError(error)) return error;
  const code = codeOf(error);
  if (NO_PASSWORD.test(error.message)) return REFUSALS[0]?.toError(database, error);
  const refusal = REFUSALS.find(({ codes }) =>
    codes.some((known) => /^[0-9A-Z]{5}$/.test(code) && code.startsWith(known)),
  );
  if (refusal !== undefined) return refusal.toError(database, error);
  if (isLostConnection(error)) {
    return new DatabaseUnreachableError(
      database,
      `no connection (${code === "" ? "it was closed" : code})`,
      error,
    );
  }
  return error;
}

/** True for an error after which nothing is known of what was sent last. */
export function isLostConnection(error: unknown): boolean {
  if (!types.isNativeError(error)) return false;
  const code = codeOf(error);
  return NETWORK.test(code) || /^(57P|08)/.test(code) || LOST.test(error.message);
}

/** True where a unique index of PostgreSQL has refused a row: another one has its value. */
export function isUniqueViolation(error: unknown): boolean {
  return types.isNativeError(error) && codeOf(error) === "23505";
}

function codeOf(error: Error): string {
  if ("code" in error && typeof error.code === "string") return error.code;
  // Where a name has several addresses, each of them has failed.
  const [first] = "errors" in error && Array.isArray(error.errors) ? (error.errors as unknown[]) : [];
  return types.isNativeError(first) ? codeOf(first) : "";
}
