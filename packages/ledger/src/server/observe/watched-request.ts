// SPDX-License-Identifier: MIT
import { LedgerLoaderError } from "@ledger-loader/errors";
import type { ServerObserver } from "./server-observer";

/** The operation of a request that leads nowhere. */
const UNKNOWN = "unknown";

/** One request, from its arrival until it is answered. */
export class WatchedRequest {
  operation: string = UNKNOWN;
  /** True if another server answers it. */
  isForwarded = false;
  readonly #observer: ServerObserver | undefined;
  readonly #arrivedAt = performance.now();

  constructor(observer: ServerObserver | undefined) {
    this.#observer = observer;
  }

  /** The request was answered as it asked. */
  answered(): void {
    this.#end("ok");
  }

  /** The request was answered by an error of this name. */
  refused(name: string, error: unknown): void {
    this.#end(name, error instanceof LedgerLoaderError ? error.code : undefined);
  }

  /** No one is left to be answered. */
  abandoned(): void {
    this.#end("ClientGone");
  }

  #end(result: string, errorCode?: string): void {
    const durationMs = performance.now() - this.#arrivedAt;
    const { operation, isForwarded } = this;
    this.#observer?.onRequest?.({ operation, isForwarded, result, errorCode, durationMs });
  }
}
