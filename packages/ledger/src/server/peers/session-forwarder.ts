// SPDX-License-Identifier: MIT
import {
  Agent as HttpAgent,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as httpRequest,
} from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { newUniqueId } from "../../unique-id";
import type { ServerAddress, ServerPeers } from "../../storage/server-peers";
import { AwsError, invalidSession } from "../aws-error";
import { LostAnswerError } from "./lost-answer-error";
import { whileHeardOf } from "./while-heard-of";

/** Marks a request that another server has passed on; it is never passed on again. */
const FORWARDED_HEADER = "x-ledger-loader-forwarded";
/** Headers that belong to one connection. */
const HOP_HEADERS = ["connection", "keep-alive", "transfer-encoding", "content-length", "expect"];

/** A request of the session API. */
export interface SessionRequest {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

type Answer = Record<string, unknown>;

/**
 * Passes commands of a session on to the server that opened the session.
 *
 * The first characters of a token are the id of that server. A session whose server has ended is gone: drivers open a new one.
 */
export class SessionForwarder {
  /** The id of this server. */
  readonly serverId: string = newUniqueId();
  readonly #agents = { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) };
  #peers: ServerPeers | undefined;

  /** From now on, sessions of these servers are known. */
  join(peers: ServerPeers): void {
    this.#peers = peers;
  }

  /** True if another server has opened the session of a token, so that the request is passed on to it. */
  isElsewhere(token: unknown, { headers }: SessionRequest): token is string {
    if (this.#peers === undefined || typeof token !== "string") return false;
    return !token.startsWith(this.serverId) && headers[FORWARDED_HEADER] === undefined;
  }

  /**
   * The answer of the server that opened the session. There MUST be others, see {@link SessionForwarder.isElsewhere}.
   *
   * @throws LostAnswerError if that server was lost while it may have been committing.
   */
  async forward(token: string, request: SessionRequest): Promise<Answer> {
    const peers = this.#peers;
    if (peers === undefined)
      throw new Error("Expected to have joined other servers, found that there are none.");
    const owner = token.slice(0, this.serverId.length);
    const server = await peers.find(owner);
    if (server === undefined) throw invalidSession("No such session: the server that opened it has ended");
    const { status, body } = await whileHeardOf(peers, owner, (signal) =>
      this.#send(server, request, signal),
    );
    if (status === 200) return JSON.parse(body) as Answer;
    const { __type, Message, ...members } = JSON.parse(body) as Record<string, string>;
    throw new AwsError(__type ?? "InternalFailure", status, Message ?? "", members);
  }

  /** True if another server has ended, or was not heard of for a while. Before this one has joined the others, nobody knows. */
  async hasEnded(serverId: string): Promise<boolean> {
    return this.#peers !== undefined && (await this.#peers.find(serverId)) === undefined;
  }

  async close(): Promise<void> {
    await this.#peers?.leave();
    this.#agents.http.destroy();
    this.#agents.https.destroy();
  }

  async #send(
    server: ServerAddress,
    request: SessionRequest,
    signal: AbortSignal,
  ): Promise<{ status: number; body: string }> {
    try {
      const response = await this.#post(server, request, signal);
      const chunks: Buffer[] = [];
      for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
      return { status: response.statusCode ?? 500, body: Buffer.concat(chunks).toString() };
    } catch (error) {
      if (mayHaveCommitted(error, request)) throw new LostAnswerError(error);
      throw invalidSession("No such session: the server that opened it cannot be reached");
    }
  }

  /** The headers stay as the client sent them, the signed ones and the host included. */
  #post(
    { address, certificate }: ServerAddress,
    { headers, body }: SessionRequest,
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    const kept = Object.entries(headers).filter(([name]) => !HOP_HEADERS.includes(name));
    const isTls = address.startsWith("https:");
    const options = {
      method: "POST",
      headers: {
        ...Object.fromEntries(kept),
        "content-length": body.length,
        [FORWARDED_HEADER]: this.serverId,
      },
      agent: isTls ? this.#agents.https : this.#agents.http,
      signal,
      ...(certificate === undefined ? {} : { ca: certificate }),
    };
    return new Promise((resolve, reject) => {
      const outgoing = (isTls ? httpsRequest : httpRequest)(address, options, resolve);
      outgoing.once("error", reject);
      outgoing.end(body);
    });
  }
}

/** A server that was never reached has not committed. */
function mayHaveCommitted(error: unknown, { body }: SessionRequest): boolean {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  const isReached = !/^E(CONNREFUSED|HOSTUNREACH|NETUNREACH|NOTFOUND|AI_AGAIN)$/.test(code);
  return isReached && body.includes('"CommitTransaction"');
}
