// SPDX-License-Identifier: MIT
import {
  CreateLedgerCommand,
  DeleteLedgerCommand,
  DescribeLedgerCommand,
  GetDigestCommand,
  ListLedgersCommand,
  QLDBClient,
  QLDBServiceException,
  UpdateLedgerCommand,
  type DescribeLedgerCommandOutput,
  type GetDigestCommandOutput,
  type LedgerSummary,
} from "@aws-sdk/client-qldb";
import { ServerRefusedError, ServerUnreachableError } from "../cli-errors";
import type { Connection } from "./connection";

/** The control plane of a ledger server, with errors that people understand. */
export class ControlPlane {
  readonly #client: QLDBClient;
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#client = new QLDBClient({
      endpoint: connection.endpoint,
      region: connection.region,
      ...(connection.credentials === undefined ? {} : { credentials: connection.credentials }),
      maxAttempts: 2,
    });
  }

  /** Creates a ledger that can be deleted again only if `deletionProtection` is off. */
  async create(name: string, deletionProtection: boolean): Promise<void> {
    await this.#call(name, () =>
      this.#client.send(
        new CreateLedgerCommand({
          Name: name,
          PermissionsMode: "ALLOW_ALL",
          DeletionProtection: deletionProtection,
        }),
      ),
    );
  }

  /** Describes a ledger; a name that the server does not know is a {@link ServerRefusedError}. */
  async describe(name: string): Promise<DescribeLedgerCommandOutput> {
    return this.#call(name, () => this.#client.send(new DescribeLedgerCommand({ Name: name })));
  }

  /** Every ledger of the server. */
  async list(): Promise<readonly LedgerSummary[]> {
    const ledgers: LedgerSummary[] = [];
    let token: string | undefined;
    do {
      const page = await this.#call(undefined, () =>
        this.#client.send(new ListLedgersCommand(token === undefined ? {} : { NextToken: token })),
      );
      ledgers.push(...(page.Ledgers ?? []));
      token = page.NextToken;
    } while (token !== undefined);
    return ledgers;
  }

  /** Deletes a ledger and all that is in it, taking its protection off first when `unprotect` says so. */
  async delete(name: string, unprotect: boolean): Promise<void> {
    if (unprotect) {
      await this.#call(name, () =>
        this.#client.send(new UpdateLedgerCommand({ Name: name, DeletionProtection: false })),
      );
    }
    await this.#call(name, () => this.#client.send(new DeleteLedgerCommand({ Name: name })));
  }

  /** The ledger's digest. */
  async digest(name: string): Promise<GetDigestCommandOutput> {
    return this.#call(name, () => this.#client.send(new GetDigestCommand({ Name: name })));
  }

  /** Closes its connections. */
  close(): void {
    this.#client.destroy();
  }

  async #call<T>(name: string | undefined, send: () => Promise<T>): Promise<T> {
    try {
      return await send();
    } catch (error) {
      throw this.#explain(name, error);
    }
  }

  #explain(name: string | undefined, error: unknown): unknown {
    if (error instanceof QLDBServiceException) return explainRefusal(name, this.#connection.endpoint, error);
    if (isConnectionFailure(error)) {
      return new ServerUnreachableError(this.#connection.endpoint, { cause: error });
    }
    return error;
  }
}

function explainRefusal(name: string | undefined, endpoint: string, error: QLDBServiceException): Error {
  const ledger = JSON.stringify(name ?? "");
  switch (error.name) {
    case "ResourceNotFoundException":
      return new ServerRefusedError(
        `the server at ${endpoint} has no ledger ${ledger}: "ledger-loader ledger list" shows those it has, ` +
          `"ledger-loader ledger create ${name ?? "NAME"}" makes it`,
        { cause: error },
      );
    case "ResourceAlreadyExistsException":
      return new ServerRefusedError(
        `the server at ${endpoint} already has a ledger ${ledger}: choose another name`,
        {
          cause: error,
        },
      );
    case "ResourcePreconditionNotMetException":
      return new ServerRefusedError(
        `the server at ${endpoint} refused for ledger ${ledger}: ${error.message}. A protected ledger is deleted ` +
          `with "ledger-loader ledger delete ${name ?? "NAME"} --unprotect"`,
        { cause: error },
      );
    default:
      return new ServerRefusedError(`the server at ${endpoint} refused (${error.name}): ${error.message}`, {
        cause: error,
      });
  }
}

const CONNECTION_FAILURE =
  /\b(?:ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EPIPE|TimeoutError)\b/;

/** Whether an error, or what led to it, says that nobody answered. */
export function isConnectionFailure(error: unknown): boolean {
  for (
    let at = error;
    typeof at === "object" && at !== null;
    at = (at as { readonly cause?: unknown }).cause
  ) {
    // The SDK wraps some of these and keeps only the message.
    const { code, name, message } = at as Partial<Record<"code" | "name" | "message", unknown>>;
    if ([code, name, message].some((text) => typeof text === "string" && CONNECTION_FAILURE.test(text)))
      return true;
  }
  return false;
}

/** Makes sure, before anything is opened, that the server answers and has the ledger. */
export async function requireLedger(connection: Connection, name: string): Promise<void> {
  await withControlPlane(connection, (plane) => plane.describe(name));
}

/** Runs `work` with a control plane and closes it. */
export async function withControlPlane<T>(
  connection: Connection,
  work: (plane: ControlPlane) => Promise<T>,
): Promise<T> {
  const plane = new ControlPlane(connection);
  try {
    return await work(plane);
  } finally {
    plane.close();
  }
}
