// SPDX-License-Identifier: MIT
import { randomBytes, randomInt } from "node:crypto";
import type { Clock } from "../clock";
import type { EmbeddedLedger } from "../embedded-ledger";
import { AwsError, invalidSession } from "./aws-error";
import { Session } from "./session";

/** All sessions of one server, by token. */
export class Sessions {
  readonly #clock: Clock;
  readonly #serverId: string;
  readonly #sessions = new Map<string, Session>();

  /** @param serverId - begins every token, so that other servers know whose session it is */
  constructor(clock: Clock, serverId: string) {
    this.#clock = clock;
    this.#serverId = serverId;
  }

  /**
   * Opens a session.
   *
   * QLDB named its error for too many sessions `LimitExceededException`; drivers do not retry it.
   */
  start(ledger: EmbeddedLedger): string {
    const { activeSessionsMax, sessionLifetimeMinMs, sessionLifetimeMaxMs } = ledger.limits;
    if (this.#count(ledger) >= activeSessionsMax) this.sweep();
    if (this.#count(ledger) >= activeSessionsMax) {
      throw new AwsError("LimitExceededException", 400, "Exceeded the session limit");
    }
    const token = this.#serverId + randomBytes(33).toString("base64");
    // Sessions end at different times, so that a pool opened at once does not have to be replaced at once.
    const lifetimeMs = randomInt(
      sessionLifetimeMinMs,
      Math.max(sessionLifetimeMaxMs, sessionLifetimeMinMs) + 1,
    );
    this.#sessions.set(token, new Session(ledger, this.#clock, lifetimeMs));
    return token;
  }

  /** Finds a session that lives. */
  read(token: string): Session {
    const session = this.#sessions.get(token);
    if (session === undefined) throw invalidSession("No such session");
    if (!session.hasEnded) return session;
    this.#sessions.delete(token);
    throw invalidSession(`Session ${session.sessionId} has expired`);
  }

  end(token: string): void {
    this.#sessions.get(token)?.end();
    this.#sessions.delete(token);
  }

  /** Ends all sessions, and what runs in them: the server stops. */
  close(): void {
    for (const token of this.#sessions.keys()) this.end(token);
  }

  /** Forgets the sessions of a ledger that is no more. */
  endAll(ledger: EmbeddedLedger): void {
    for (const [token, session] of this.#sessions) {
      if (session.ledger === ledger) this.end(token);
    }
  }

  /** Forgets sessions, and transactions within sessions, whose time is over: an open transaction holds memory. */
  sweep(): void {
    for (const [token, session] of this.#sessions) {
      if (session.hasEnded) this.#sessions.delete(token);
      else session.expireTransaction();
    }
  }

  #count(ledger: EmbeddedLedger): number {
    let count = 0;
    for (const session of this.#sessions.values()) if (session.ledger === ledger) count += 1;
    return count;
  }
}
