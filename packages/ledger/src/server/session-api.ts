// SPDX-License-Identifier: MIT
import { ledgerArn } from "../arn";
import type { EmbeddedLedger } from "../embedded-ledger";
import { LedgerNotFoundError } from "../errors";
import type { LedgerStore } from "../ledger-store";
import type { IoUsage } from "../transaction/transaction-context";
import type { Caller } from "./access/caller";
import { authorizeStatements } from "./access/statement-permissions";
import { badRequest } from "./aws-error";
import { type JsonObject, readBlob, readObject, readString } from "./json";
import type { IsWaiting, Page, Session } from "./session";
import { readParameters } from "./statement-parameters";
import type { Sessions } from "./sessions";

type Answer = Record<string, unknown>;

/** A request, and who waits for its answer. */
interface Sent {
  readonly request: JsonObject;
  readonly caller: Caller;
  readonly isWaiting: IsWaiting | undefined;
}

const COMMANDS = [
  "StartSession",
  "StartTransaction",
  "ExecuteStatement",
  "FetchPage",
  "CommitTransaction",
  "AbortTransaction",
  "EndSession",
];

/** The command of a request, or `unknown`. */
export function commandOf(request: JsonObject): string {
  return COMMANDS.find((name) => name in request) ?? "unknown";
}

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
  async send(request: JsonObject, caller: Caller, isWaiting?: IsWaiting): Promise<Answer> {
    const commands = Object.keys(request).filter((name) => name !== "SessionToken");
    const [name] = commands;
    if (commands.length !== 1 || name === undefined) {
      throw badRequest(`Expected exactly one command, found ${commands.length}.`);
    }
    const command = readObject(request, name);
    const startedAt = performance.now();
    const answer = await this.#run(name, command, { request, caller, isWaiting });
    // Drivers expect a time above zero.
    const ProcessingTimeMilliseconds = Math.max(1, Math.round(performance.now() - startedAt));
    return { [name]: { ...answer, TimingInformation: { ProcessingTimeMilliseconds } } };
  }

  #run(name: string, command: JsonObject, sent: Sent): Promise<Answer> {
    if (name === "StartSession") return this.#startSession(command, sent.caller);
    const token = readString(sent.request, "SessionToken");
    switch (name) {
      case "StartTransaction":
        return this.#startTransaction(this.#session(token, sent));
      case "ExecuteStatement":
        return this.#executeStatement(this.#session(token, sent), command, sent);
      case "FetchPage":
        return this.#fetchPage(this.#session(token, sent), command, sent);
      case "CommitTransaction":
        return this.#commitTransaction(this.#session(token, sent), command);
      case "AbortTransaction":
        return this.#abortTransaction(this.#session(token, sent));
      case "EndSession":
        this.#sessions.end(token, sent.caller.accessKeyId);
        return Promise.resolve({});
      default:
        throw badRequest("Expected one of QLDB's session commands, found an unknown one.");
    }
  }

  /** Permissions may have changed since the session began: each command needs them. */
  #session(token: string, { caller }: Sent): Session {
    const session = this.#sessions.read(token, caller.accessKeyId);
    requireSendCommand(caller, session.ledger.description.name);
    return session;
  }

  async #startSession(command: JsonObject, caller: Caller): Promise<Answer> {
    const name = readString(command, "LedgerName");
    requireSendCommand(caller, name);
    return { SessionToken: this.#sessions.start(await this.#open(name), caller.accessKeyId) };
  }

  async #open(name: string): Promise<EmbeddedLedger> {
    try {
      return await this.#store.open(name);
    } catch (error) {
      // QLDB calls it a bad request here, and "not found" only in its control plane.
      if (error instanceof LedgerNotFoundError) throw badRequest(error.message);
      throw error;
    }
  }

  async #startTransaction(session: Session): Promise<Answer> {
    return { TransactionId: await session.startTransaction() };
  }

  async #executeStatement(session: Session, command: JsonObject, sent: Sent): Promise<Answer> {
    const page = await session.execute(readString(command, "TransactionId"), {
      statement: readString(command, "Statement"),
      readParameters: () => readParameters(command, session.ledger.limits),
      authorizer: authorizeStatements(sent.caller, session.ledger.description),
      isWaiting: sent.isWaiting,
    });
    return { FirstPage: toPage(page), ConsumedIOs: toConsumedIOs(page.usage) };
  }

  async #fetchPage(session: Session, command: JsonObject, { isWaiting }: Sent): Promise<Answer> {
    const transactionId = readString(command, "TransactionId");
    const page = await session.fetchPage(transactionId, readString(command, "NextPageToken"), isWaiting);
    return { Page: toPage(page), ConsumedIOs: toConsumedIOs(page.usage) };
  }

  async #commitTransaction(session: Session, command: JsonObject): Promise<Answer> {
    const TransactionId = readString(command, "TransactionId");
    const expected = readBlob(command, "CommitDigest");
    const { digest, usage } = await session.commit(TransactionId, expected);
    return { TransactionId, CommitDigest: toBase64(digest), ConsumedIOs: toConsumedIOs(usage) };
  }

  async #abortTransaction(session: Session): Promise<Answer> {
    await session.abort();
    return {};
  }
}

function requireSendCommand(caller: Caller, ledgerName: string): void {
  caller.requireAction("qldb:SendCommand", [ledgerArn(ledgerName)]);
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
