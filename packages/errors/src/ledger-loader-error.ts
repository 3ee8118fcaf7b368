// SPDX-License-Identifier: MIT

/** The fields of every error, next to its message. */
export interface LedgerLoaderErrorOptions {
  /** True if the same call can succeed later without anybody changing its input. Default: `false`. */
  readonly retryable?: boolean;
  /** The error that led to this one, if there is one. */
  readonly cause?: unknown;
}

/**
 * The base of every error that the project throws.
 *
 * Callers branch on {@link LedgerLoaderError.code}, which is stable and unique; `name` is for people and may be
 * rewritten by bundlers. The message MUST say what was expected, what was found and what to do next.
 * Constructors do nothing but keep what they are given: they never log.
 */
export abstract class LedgerLoaderError extends Error {
  /** Stable, unique, `SCREAMING_SNAKE_CASE`; listed in `docs/reference/errors.md`. */
  abstract readonly code: string;

  /** True if the same call can succeed later without anybody changing its input. */
  readonly retryable: boolean;

  constructor(message: string, options: LedgerLoaderErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.retryable = options.retryable ?? false;
  }
}
