// SPDX-License-Identifier: MIT
import { Agent, request } from "node:http";

/** The answer of a server: a JSON object, or nothing. */
export interface ClientAnswer {
  readonly status: number;
  readonly errorName: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Sends commands of the session API. */
export interface CommandSender {
  /** Sends one command. An error is an answer, too. */
  command(content: unknown): Promise<ClientAnswer>;
}

/** All answers, counted. */
export interface AnswerTally {
  /** Answers by status and error name. */
  readonly counts: Record<string, number>;
  /** Requests that ended without an answer: the connection was closed. */
  cut: number;
}

/** A transaction that a client has begun. */
export interface ClientTransaction {
  readonly token: string;
  readonly transactionId: string;
}

/** A parameter of a statement, as the session API takes it. */
export type ClientParameter = { readonly IonText: string } | { readonly IonBinary: string };

/**
 * Speaks QLDB's session API without a driver, so that requests may be as no driver sends them.
 *
 * Members follow the model of `@aws-sdk/client-qldb-session`.
 */
export class SessionClient implements CommandSender {
  readonly endpoint: URL;
  readonly tally: AnswerTally = { counts: {}, cut: 0 };
  readonly #agent = new Agent({ keepAlive: true });

  constructor(endpoint: string) {
    this.endpoint = new URL(endpoint);
  }

  /** Sends one command. An error is an answer, too. */
  command(content: unknown, signal?: AbortSignal): Promise<ClientAnswer> {
    return this.post(JSON.stringify(content), signal);
  }

  /** Sends any body to the session API. */
  post(body: string | Buffer, signal?: AbortSignal): Promise<ClientAnswer> {
    return new Promise((resolve, reject) => {
      const headers = {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": "QLDBSession.SendCommand",
        "content-length": Buffer.byteLength(body),
      };
      const options = { method: "POST", agent: this.#agent, headers, ...(signal && { signal }) };
      const sent = request(this.endpoint, options, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", fail);
        response.on("end", () => {
          const errorName = response.headers["x-amzn-errortype"]?.toString();
          resolve(this.#count({ status: response.statusCode ?? 0, errorName, body: parse(chunks) }));
        });
      });
      const fail = (error: Error): void => {
        if (signal?.aborted !== true) this.tally.cut += 1;
        reject(error);
      };
      sent.on("error", fail);
      sent.end(body);
    });
  }

  #count(answer: ClientAnswer): ClientAnswer {
    const key = `${answer.status} ${answer.errorName ?? (answer.status === 200 ? "" : "untyped")}`.trim();
    this.tally.counts[key] = (this.tally.counts[key] ?? 0) + 1;
    return answer;
  }

  /** Opens a session and begins a transaction; `undefined` if the server refuses. */
  async begin(ledgerName: string, signal?: AbortSignal): Promise<ClientTransaction | undefined> {
    const session = await this.command({ StartSession: { LedgerName: ledgerName } }, signal);
    const token = textAt(session.body, "StartSession", "SessionToken");
    return token === undefined ? undefined : this.beginIn(token, signal);
  }

  /** Begins a transaction in a session; `undefined` if the server refuses. */
  async beginIn(token: string, signal?: AbortSignal): Promise<ClientTransaction | undefined> {
    const started = await this.command({ SessionToken: token, StartTransaction: {} }, signal);
    const transactionId = textAt(started.body, "StartTransaction", "TransactionId");
    return transactionId === undefined ? undefined : { token, transactionId };
  }

  execute(
    { token, transactionId }: ClientTransaction,
    statement: string,
    parameters: readonly ClientParameter[] = [],
    signal?: AbortSignal,
  ): Promise<ClientAnswer> {
    const ExecuteStatement = {
      TransactionId: transactionId,
      Statement: statement,
      Parameters: parameters,
    };
    return this.command({ SessionToken: token, ExecuteStatement }, signal);
  }

  async end({ token }: ClientTransaction): Promise<void> {
    await this.command({ SessionToken: token, EndSession: {} });
  }

  /** Closes all connections. */
  close(): void {
    this.#agent.destroy();
  }
}

function parse(chunks: readonly Buffer[]): Record<string, unknown> {
  const text = Buffer.concat(chunks).toString("utf8");
  // What answers before the ledger does, such as Node.js's own 408, sends no JSON.
  return text.startsWith("{") ? (JSON.parse(text) as Record<string, unknown>) : {};
}

function textAt(
  body: Readonly<Record<string, unknown>>,
  command: string,
  member: string,
): string | undefined {
  const value = (body[command] as Record<string, unknown> | undefined)?.[member];
  return typeof value === "string" ? value : undefined;
}
