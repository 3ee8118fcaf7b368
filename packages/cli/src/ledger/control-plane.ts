// SPDX-License-Identifier: MIT
import type {
  DescribeLedgerCommandOutput,
  GetDigestCommandOutput,
  LedgerSummary,
  QLDBClient,
  QLDBServiceException,
} from "@aws-sdk/client-qldb";
import { withoutUndefined } from "@ledger-loader/core/without-undefined";
import { ServerRefusedError, ServerUnreachableError } from "../cli-errors";
import { foreignResponse, networkFailure } from "../network-failure";
import type { Connection } from "./connection";

/** An answer that takes longer comes from a server of another kind, or from one that is lost. */
const ANSWER_WITHIN_MS = 30_000;
const CONNECT_WITHIN_MS = 10_000;

/** `STANDARD`: statements need permissions per table. */
export type PermissionsMode = "ALLOW_ALL" | "STANDARD";

/** How a ledger is created. */
export interface NewLedger {
  readonly deletionProtection: boolean;
  readonly permissionsMode: PermissionsMode;
}

type Sdk = typeof import("@aws-sdk/client-qldb");

/** The control plane of a ledger server, with errors that people understand. */
class ControlPlane {
  readonly #sdk: Sdk;
  readonly #client: QLDBClient;
  readonly #connection: Connection;

  /** @param sdk - loaded where a server is asked: no help and no work on files needs it */
  constructor(sdk: Sdk, connection: Connection) {
    this.#sdk = sdk;
    this.#connection = connection;
    this.#client = new sdk.QLDBClient({
      ...withoutUndefined({
        endpoint: connection.endpoint,
        region: connection.region,
        credentials: connection.credentials,
      }),
      maxAttempts: 2,
      requestHandler: {
        connectionTimeout: CONNECT_WITHIN_MS,
        requestTimeout: ANSWER_WITHIN_MS,
        throwOnRequestTimeout: true,
      },
    });
  }

  /** Creates a ledger that can be deleted again only if `deletionProtection` is off. */
  async create(name: string, settings: NewLedger): Promise<void> {
    const command = new this.#sdk.CreateLedgerCommand({
      Name: name,
      PermissionsMode: settings.permissionsMode,
      DeletionProtection: settings.deletionProtection,
    });
    await this.#call(name, "Name", () => this.#client.send(command));
  }

  /** Describes a ledger; a name that the server does not know is a {@link ServerRefusedError}. */
  async describe(name: string): Promise<DescribeLedgerCommandOutput> {
    return this.#call(name, "Name", () =>
      this.#client.send(new this.#sdk.DescribeLedgerCommand({ Name: name })),
    );
  }

  /** Every ledger of the server. */
  async list(): Promise<readonly LedgerSummary[]> {
    const ledgers: LedgerSummary[] = [];
    let token: string | undefined;
    do {
      const page = await this.#call(undefined, "Ledgers", () =>
        this.#client.send(new this.#sdk.ListLedgersCommand(token === undefined ? {} : { NextToken: token })),
      );
      ledgers.push(...(page.Ledgers ?? []));
      token = page.NextToken;
    } while (token !== undefined);
    return ledgers;
  }

  /** Deletes a ledger and all that is in it, taking its protection off first when `unprotect` says so. */
  async delete(name: string, unprotect: boolean): Promise<void> {
    // The answer to a deletion is empty, as another server's may be: a description is not.
    await this.describe(name);
    if (unprotect) {
      const command = new this.#sdk.UpdateLedgerCommand({ Name: name, DeletionProtection: false });
      await this.#call(name, "Name", () => this.#client.send(command));
    }
    await this.#call(name, undefined, () =>
      this.#client.send(new this.#sdk.DeleteLedgerCommand({ Name: name })),
    );
  }

  /** The ledger's digest. */
  async digest(name: string): Promise<GetDigestCommandOutput> {
    return this.#call(name, "Digest", () =>
      this.#client.send(new this.#sdk.GetDigestCommand({ Name: name })),
    );
  }

  /** Closes its connections. */
  close(): void {
    this.#client.destroy();
  }

  /** @param member - what a ledger's answer always has */
  async #call<T extends MetadataBearer>(
    name: string | undefined,
    member: keyof T | undefined,
    send: () => Promise<T>,
  ): Promise<T> {
    const answer = await send().catch((error: unknown) => {
      throw this.#explain(name, error);
    });
    if (member === undefined || answer[member] !== undefined) return answer;
    const { httpStatusCode: statusCode } = answer.$metadata;
    throw new ServerUnreachableError(this.#connection.endpoint, foreignResponse({ statusCode }));
  }

  #explain(name: string | undefined, error: unknown): unknown {
    const { endpoint } = this.#connection;
    const failure = networkFailure(error);
    if (failure !== undefined) return new ServerUnreachableError(endpoint, failure, { cause: error });
    return error instanceof this.#sdk.QLDBServiceException ? explainRefusal(name, endpoint, error) : error;
  }
}

/** The part that every answer of the AWS SDK has. */
interface MetadataBearer {
  readonly $metadata: { readonly httpStatusCode?: number | undefined };
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
        `the server at ${endpoint} refused for ledger ${ledger}: ${error.message}${unprotectAdvice(name, error)}`,
        { cause: error },
      );
    default:
      return new ServerRefusedError(`the server at ${endpoint} refused (${error.name}): ${error.message}`, {
        cause: error,
      });
  }
}

/** QLDB refuses by one exception what a ledger's state does not allow: protection from deletion is one such state. */
function unprotectAdvice(name: string | undefined, { message }: QLDBServiceException): string {
  if (!/protect/i.test(message)) return "";
  const end = message.endsWith(".") ? "" : ".";
  return `${end} A protected ledger is deleted with "ledger-loader ledger delete ${name ?? "NAME"} --unprotect"`;
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
  const plane = new ControlPlane(await import("@aws-sdk/client-qldb"), connection);
  try {
    return await work(plane);
  } finally {
    plane.close();
  }
}
