// SPDX-License-Identifier: MIT
import { LedgerNotFoundError } from "../errors";
import type { LedgerStore } from "../ledger-store";
import type { StatementParameter } from "../transaction/transaction";
import type { IoUsage } from "../transaction/transaction-context";
import { badRequest } from "./aws-error";
import { type JsonObject, readBlob, readObject, readString } from "./json";
import type { IsWaiting, Page } from "./session";
import { readParameters } from "./statement-parameters";
import type { Sessions } from "./sessions";

type Answer = Record<string, unknown>;

/**
 * QLDB's one data plane operation, `SendCommand` (AWS JSON 1.0, API version 2019-07-11).
 *
 * Members and their spelling follow the model of `@aws-sdk/client-qldb-session`.
 */
export class SessionApi {
  readonly #store: LedgerStore;
  readonly #sessions: Sessions;

  constructor(store: LedgerStore, sessions: Sessions) {
    this.#store = store;
    this.#sessions = sessions;
  }

  /** Runs the one command of a request and returns the response's body. */
  async send(request: JsonObject, isWaiting?: IsWaiting): Promise<Answer> {
    const commands = Object.keys(request).filter((name) => name !== "SessionToken");
    const [name] = commands;
    if (commands.length !== 1 || name === undefined) {
      throw badRequest(`Expected exactly one command, found ${commands.length}.`);
    }
    const command = readObject(request, name);
    const startedAt = performance.now();
    const answer = await this.#run(name, command, request, isWaiting);
    // Drivers expect a time above zero.
    const ProcessingTimeMilliseconds = Math.max(1, Math.round(performance.now() - startedAt));
    return { [name]: { ...answer, TimingInformation: { ProcessingTimeMilliseconds } } };
  }

  #run(
    name: string,
    command: JsonObject,
    request: JsonObject,
    isWaiting: IsWaiting | undefined,
  ): Promise<Answer> {
    switch (name) {
      case "StartSession":
        return this.#startSession(command);
      case "StartTransaction":
        return this.#startTransaction(readToken(request));
      case "ExecuteStatement":
        return this.#executeStatement(readToken(request), command, isWaiting);
      case "FetchPage":
        return this.#fetchPage(readToken(request), command, isWaiting);
      case "CommitTransaction":
        return this.#commitTransaction(readToken(request), command);
      case "AbortTransaction":
        return this.#abortTransaction(readToken(request));
      case "EndSession":
        this.#sessions.end(readToken(request));
        return Promise.resolve({});
      default:
        throw badRequest("Expected one of QLDB's session commands, found an unknown one.");
    }
  }

  async #startSession(command: JsonObject): Promise<Answer> {
    try {
      const ledger = await this.#store.open(readString(command, "LedgerName"));
      return { SessionToken: this.#sessions.start(ledger) };
    } catch (error) {
      // QLDB calls it a bad request here, and "not found" only in its control plane.
      if (error instanceof LedgerNotFoundError) throw badRequest(error.message);
      throw error;
    }
  }

  async #startTransaction(token: string): Promise<Answer> {
    return { TransactionId: await this.#sessions.read(token).startTransaction() };
  }

  async #executeStatement(token: string, command: JsonObject, isWaiting?: IsWaiting): Promise<Answer> {
    const session = this.#sessions.read(token);
    const transactionId = readString(command, "TransactionId");
    const statement = readString(command, "Statement");
    const parameters = (): Promise<StatementParameter[]> => readParameters(command, session.ledger.limits);
    const page = await session.execute(transactionId, statement, parameters, isWaiting);
    return { FirstPage: toPage(page), ConsumedIOs: toConsumedIOs(page.usage) };
  }

  async #fetchPage(token: string, command: JsonObject, isWaiting?: IsWaiting): Promise<Answer> {
    const session = this.#sessions.read(token);
    const transactionId = readString(command, "TransactionId");
    const page = await session.fetchPage(transactionId, readString(command, "NextPageToken"), isWaiting);
    return { Page: toPage(page), ConsumedIOs: toConsumedIOs(page.usage) };
  }

  async #commitTransaction(token: string, command: JsonObject): Promise<Answer> {
    const TransactionId = readString(command, "TransactionId");
    const expected = readBlob(command, "CommitDigest");
    const { digest, usage } = await this.#sessions.read(token).commit(TransactionId, expected);
    return { TransactionId, CommitDigest: toBase64(digest), ConsumedIOs: toConsumedIOs(usage) };
  }

  async #abortTransaction(token: string): Promise<Answer> {
    await this.#sessions.read(token).abort();
    return {};
  }
}

function readToken(request: JsonObject): string {
  return readString(request, "SessionToken");
}

function toPage({ values, nextPageToken }: Page): Answer {
  const Values = values.map((ion) => ({ IonBinary: toBase64(ion) }));
  return nextPageToken === undefined ? { Values } : { Values, NextPageToken: nextPageToken };
}

function toConsumedIOs({ readIOs, writeIOs }: IoUsage): Answer {
  return { ReadIOs: readIOs, WriteIOs: writeIOs };
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}
