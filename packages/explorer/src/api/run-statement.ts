// SPDX-License-Identifier: MIT
import { hashIon, transcodeToBinary } from "@ledger-loader/ion";
import { CommitDigest, statementDigest } from "@ledger-loader/journal";
import { fromBase64, toBase64 } from "./base64";
import { isReadStatement } from "./read-statement";
import { sendForJson } from "./server";

/** A statement to run in a session and a transaction of its own. */
export interface StatementRequest {
  readonly statement: string;
  /** One Ion text per `?` of the statement. */
  readonly parameters?: readonly string[];
  /** No more rows than this are read. */
  readonly rowsMax: number;
}

/** The rows of a statement, and what reading them took. */
export interface StatementResult {
  /** Ion binary. */
  readonly rows: readonly Uint8Array[];
  /** True if the statement has more rows than were read. */
  readonly hasMore: boolean;
  /** The transaction that was committed. `undefined` for a statement that only reads. */
  readonly transactionId: string | undefined;
  readonly readIOs: number;
  readonly processingMs: number;
}

/**
 * Runs one statement. A transaction that only reads is aborted, so that it leaves no block behind. The session ends in all cases.
 *
 * @throws ServerError, and what reading a parameter as Ion throws
 */
export async function runStatement(ledger: string, request: StatementRequest): Promise<StatementResult> {
  const session = await Session.start(ledger);
  try {
    return await session.run(request);
  } finally {
    await session.end();
  }
}

type Answer = Readonly<Record<string, unknown>>;

interface Page {
  readonly Values: readonly { readonly IonBinary: string }[];
  readonly NextPageToken?: string;
}

class Session {
  readonly #token: string;
  #readIOs = 0;
  #processingMs = 0;

  private constructor(token: string) {
    this.#token = token;
  }

  static async start(LedgerName: string): Promise<Session> {
    const { SessionToken } = await command({ StartSession: { LedgerName } });
    return new Session(SessionToken as string);
  }

  async run({ statement, parameters = [], rowsMax }: StatementRequest): Promise<StatementResult> {
    const digest = statementDigest(
      statement,
      parameters.map((text) => hashIon(transcodeToBinary(text))),
    );
    const { TransactionId } = await this.#send({ StartTransaction: {} });
    const Parameters = parameters.map((IonText) => ({ IonText }));
    const answer = await this.#send({
      ExecuteStatement: { TransactionId, Statement: statement, Parameters },
    });
    const { rows, hasMore } = await this.#readRows(answer["FirstPage"] as Page, TransactionId, rowsMax);
    const isRead = isReadStatement(statement);
    if (isRead) await this.#send({ AbortTransaction: {} });
    else await this.#commit(TransactionId as string, digest);
    const transactionId = isRead ? undefined : (TransactionId as string);
    return { rows, hasMore, transactionId, readIOs: this.#readIOs, processingMs: this.#processingMs };
  }

  /** Ends the session. A failure here failed before, or ends by itself. */
  async end(): Promise<void> {
    await this.#send({ EndSession: {} }).catch(() => undefined);
  }

  async #readRows(
    first: Page,
    TransactionId: unknown,
    rowsMax: number,
  ): Promise<{ readonly rows: Uint8Array[]; readonly hasMore: boolean }> {
    const rows: Uint8Array[] = [];
    let page = first;
    for (;;) {
      for (const { IonBinary } of page.Values) rows.push(fromBase64(IonBinary));
      const { NextPageToken } = page;
      if (NextPageToken === undefined) break;
      if (rows.length >= rowsMax) return { rows: rows.slice(0, rowsMax), hasMore: true };
      page = (await this.#send({ FetchPage: { TransactionId, NextPageToken } }))["Page"] as Page;
    }
    return { rows: rows.slice(0, rowsMax), hasMore: rows.length > rowsMax };
  }

  async #commit(transactionId: string, digest: Uint8Array): Promise<void> {
    const commit = new CommitDigest(transactionId);
    commit.add(digest);
    const CommitDigestText = toBase64(commit.hash);
    await this.#send({
      CommitTransaction: { TransactionId: transactionId, CommitDigest: CommitDigestText },
    });
  }

  async #send(request: Answer): Promise<Answer> {
    const answer = await command({ SessionToken: this.#token, ...request });
    const { ReadIOs = 0 } = (answer["ConsumedIOs"] ?? {}) as { readonly ReadIOs?: number };
    const { ProcessingTimeMilliseconds: spent = 0 } = (answer["TimingInformation"] ?? {}) as {
      readonly ProcessingTimeMilliseconds?: number;
    };
    this.#readIOs += ReadIOs;
    this.#processingMs += spent;
    return answer;
  }
}

/** Sends one command of the session API. @returns what stands under the command's name */
async function command(body: Answer): Promise<Answer> {
  const headers = {
    "content-type": "application/x-amz-json-1.0",
    "x-amz-target": "QLDBSession.SendCommand",
  };
  const answer = await sendForJson({ method: "POST", path: "/", headers, body });
  const [name = ""] = Object.keys(body).filter((key) => key !== "SessionToken");
  return answer[name] as Answer;
}
