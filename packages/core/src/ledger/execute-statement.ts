// SPDX-License-Identifier: MIT
import type { ExecuteStatementResult, FetchPageResult, ValueHolder } from "@aws-sdk/client-qldb-session";
import type { TransactionExecutor } from "amazon-qldb-driver-nodejs";
import type { dom } from "ion-js";
import { decodeIon, encodeIon, hashIon } from "@ledger-loader/ion";
import { statementDigest } from "@ledger-loader/journal";

/**
 * Executes a statement in the driver's transaction and returns all its rows.
 *
 * The statement goes to the communicator of the driver's transaction, past the driver's own encoding: with ion-js and
 * ion-hash-js a document of a kilobyte takes over a millisecond of processor time. Sessions, retries and the commit stay
 * the driver's. That reaches into what the driver (3.1.0, its last version)
 * keeps to itself: one that is made differently inside is used through its public methods.
 */
export async function executeStatement(
  executor: TransactionExecutor,
  statement: string,
  parameters: readonly dom.Value[],
): Promise<readonly dom.Value[]> {
  const transaction = findTransaction(executor);
  if (transaction === undefined) return (await executor.execute(statement, ...parameters)).getResultList();
  const { FirstPage } = await send(transaction, statement, parameters);
  const rows: dom.Value[] = [];
  for (let page = FirstPage; page !== undefined; page = await fetchNext(transaction, page.NextPageToken)) {
    for (const { IonBinary } of page.Values ?? []) if (IonBinary) rows.push(decodeIon(IonBinary));
  }
  return rows;
}

/** The driver's private part of a transaction, as far as sending a statement takes it. */
interface DriverTransaction {
  readonly _txnId: string;
  /** The commit digest so far. */
  _txnHash: DriverHash;
  /** Held while a statement is on its way, so that the commit digest grows in the order of sending. */
  readonly _hashLock: { acquire(): Promise<unknown>; release(): void };
  readonly _communicator: {
    executeStatement(
      transactionId: string,
      statement: string,
      parameters: ValueHolder[],
    ): Promise<ExecuteStatementResult>;
    fetchPage(transactionId: string, pageToken: string): Promise<FetchPageResult>;
  };
}

interface DriverHash {
  dot(that: { getQldbHash(): Uint8Array }): DriverHash;
}

async function send(
  transaction: DriverTransaction,
  statement: string,
  parameters: readonly dom.Value[],
): Promise<ExecuteStatementResult> {
  await transaction._hashLock.acquire();
  try {
    const encoded = parameters.map((parameter) => encodeIon(parameter));
    const digest = statementDigest(
      statement,
      encoded.map((parameter) => hashIon(parameter)),
    );
    transaction._txnHash = transaction._txnHash.dot({ getQldbHash: () => digest });
    const holders = encoded.map((IonBinary) => ({ IonBinary }));
    return await transaction._communicator.executeStatement(transaction._txnId, statement, holders);
  } finally {
    transaction._hashLock.release();
  }
}

async function fetchNext(
  transaction: DriverTransaction,
  pageToken: string | undefined,
): Promise<FetchPageResult["Page"]> {
  if (!pageToken) return undefined;
  return (await transaction._communicator.fetchPage(transaction._txnId, pageToken)).Page;
}

function findTransaction(executor: object): DriverTransaction | undefined {
  const transaction = "_transaction" in executor ? executor._transaction : undefined;
  return isDriverTransaction(transaction) ? transaction : undefined;
}

function isDriverTransaction(value: unknown): value is DriverTransaction {
  const { _txnId, _txnHash, _hashLock, _communicator } = (value ?? {}) as Partial<DriverTransaction>;
  return (
    typeof _txnId === "string" &&
    typeof _txnHash?.dot === "function" &&
    typeof _hashLock?.acquire === "function" &&
    typeof _hashLock.release === "function" &&
    typeof _communicator?.executeStatement === "function" &&
    typeof _communicator.fetchPage === "function"
  );
}
