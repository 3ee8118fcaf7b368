// SPDX-License-Identifier: MIT
import { randomBytes, randomInt } from "node:crypto";
import type { EmbeddedLedger } from "../embedded-ledger";
import { AwsError, invalidSession } from "./aws-error";
import { Session, type SessionServices } from "./session";

/** All sessions of one server, by token. */
export class Sessions {
  readonly #services: SessionServices;
  readonly #serverId: string;
  readonly #sessions = new Map<string, Session>();
  /** The access key of each session. */
  readonly #owners = new WeakMap<Session, string>();
  readonly #onFull: () => void;

  /**
   * @param serverId - begins every token, so that other servers know whose session it is
   * @param onFull - called whenever a session is refused because there are too many
   */
  constructor(services: SessionServices, serverId: string, onFull: () => void = () => undefined) {
    this.#services = services;
    this.#serverId = serverId;
    this.#onFull = onFull;
  }

  /**
   * Opens a session.
   *
   * QLDB named its error for too many sessions `LimitExceededException`; drivers do not retry it.
   *
   * @param accessKeyId - the key whose owner alone may use the session; absent on a server without credentials
   */
  start(ledger: EmbeddedLedger, accessKeyId?: string): string {
    const { activeSessionsMax, sessionLifetimeMinMs, sessionLifetimeMaxMs } = ledger.limits;
    if (this.#count(ledger) >= activeSessionsMax) this.sweep();
    if (this.#count(ledger) >= activeSessionsMax) {
      this.#onFull();
      throw new AwsError("LimitExceededException", 400, "Exceeded the session limit");
    }
    const token = this.#serverId + randomBytes(33).toString("base64");
    // Sessions end at different times, so that a pool opened at once does not have to be replaced at once.
    const lifetimeMs = randomInt(
      sessionLifetimeMinMs,
      Math.max(sessionLifetimeMaxMs, sessionLifetimeMinMs) + 1,
    );
    const session = new Session(ledger, this.#services, lifetimeMs);
    if (accessKeyId !== undefined) this.#owners.set(session, accessKeyId);
    this.#sessions.set(token, session);
    return token;
  }

  /** Finds a session that lives. For another access key than its owner's, there is none. */
  read(token: string, accessKeyId?: string): Session {
    const session = this.#sessions.get(token);
    if (session === undefined || this.#owners.get(session) !== accessKeyId)
      throw invalidSession("No such session");
    if (!session.hasEnded) return session;
    this.#sessions.delete(token);
    throw invalidSession(`Session ${session.sessionId} has expired`);
  }

  /** Ends a session of the owner of this access key. */
  end(token: string, accessKeyId?: string): void {
    const session = this.#sessions.get(token);
    if (session === undefined || this.#owners.get(session) !== accessKeyId) return;
    session.end();
    this.#sessions.delete(token);
  }

  /** Ends all sessions, and what runs in them: the server stops. */
  close(): void {
    for (const [token, session] of this.#sessions) this.#expire(token, session);
  }

  /** Forgets the sessions of a ledger that is no more. */
  endAll(ledger: EmbeddedLedger): void {
    for (const [token, session] of this.#sessions) {
      if (session.ledger === ledger) this.#expire(token, session);
    }
  }

  /** Forgets sessions, and transactions within sessions, whose time is over: an open transaction holds memory. */
  sweep(): void {
    for (const [token, session] of this.#sessions) {
      if (session.hasEnded) this.#sessions.delete(token);
      else session.expireTransaction();
    }
  }

  /** The sessions of a ledger that live, and those of their transactions that are open. */
  count(ledger: EmbeddedLedger): { readonly sessions: number; readonly transactions: number } {
    const living = [...this.#sessions.values()].filter(
      (session) => session.ledger === ledger && !session.hasEnded,
    );
    const transactions = living.filter(({ hasTransaction }) => hasTransaction).length;
    return { sessions: living.length, transactions };
  }

  #expire(token: string, session: Session): void {
    session.expire();
    this.#sessions.delete(token);
  }

  #count(ledger: EmbeddedLedger): number {
    let count = 0;
    for (const session of this.#sessions.values()) if (session.ledger === ledger) count += 1;
    return count;
  }
}
