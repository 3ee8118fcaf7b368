// SPDX-License-Identifier: MIT
import type { ServerLimit, ServerObserver } from "./server-observer";

/** A limit is told of again after so long, in milliseconds: clients may reach it thousands of times a second. */
const QUIET_MS = 60_000;

/** Tells an observer of limits that are reached, and not every time. */
export class LimitNotices {
  readonly #observer: ServerObserver | undefined;
  readonly #toldAt = new Map<ServerLimit, number>();

  constructor(observer: ServerObserver | undefined) {
    this.#observer = observer;
  }

  reached(limit: ServerLimit, max: number): void {
    const now = performance.now();
    if (now - (this.#toldAt.get(limit) ?? -Infinity) < QUIET_MS) return;
    this.#toldAt.set(limit, now);
    this.#observer?.onChange?.({ kind: "limit-reached", limit, max });
  }
}
