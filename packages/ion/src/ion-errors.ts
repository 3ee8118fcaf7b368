// SPDX-License-Identifier: MIT
import { LedgerLoaderError, type LedgerLoaderErrorOptions } from "@ledger-loader/errors";

/** Matches what is expected where values nest too deep. */
const TOO_DEEP = /^containers nested at most (\d+ deep.*)$/;

/** The bytes or the text are not valid Ion 1.0, are cut short, or nest deeper than {@link MAX_ION_DEPTH}. */
export class MalformedIonError extends LedgerLoaderError {
  readonly code = "MALFORMED_ION";
  /** Where something else was expected, and what: `a value at byte 7`. Never holds content. */
  readonly expected: string;

  constructor(expected: string, message: string, options?: LedgerLoaderErrorOptions) {
    super(message, options);
    this.expected = expected;
  }

  /** True if containers nest too deep. */
  get isTooDeep(): boolean {
    return TOO_DEEP.test(this.expected);
  }

  /** A description of the found value, for a sentence that names something else as expected. */
  get found(): string {
    const [, most] = TOO_DEEP.exec(this.expected) ?? [];
    return most === undefined
      ? `something else than ${this.expected}`
      : `containers nested deeper than ${most}`;
  }
}

/** A symbol's text is needed but cannot be known: `$0`, or an import of a shared symbol table nobody supplied. */
export class UnknownSymbolError extends LedgerLoaderError {
  readonly code = "UNKNOWN_SYMBOL";
}

/** A value in memory has no Ion encoding: a string with half a surrogate pair, a value that is not an Ion value. */
export class UnencodableValueError extends LedgerLoaderError {
  readonly code = "UNENCODABLE_VALUE";
}

/** A valid Ion value of another type than the caller asked for. */
export class UnexpectedIonTypeError extends LedgerLoaderError {
  readonly code = "UNEXPECTED_ION_TYPE";
}

/** How deep containers and annotations may nest: far beyond any real document, far below the call stack's end. */
export const MAX_ION_DEPTH = 500;

/**
 * The longest magnitude of an int or decimal, in bytes: as long as QLDB's largest document. Converting numbers takes more
 * than linear time, so that longer ones would block a process.
 */
export const MAX_NUMBER_BYTES = 128 * 1024;

/** As many decimal digits as {@link MAX_NUMBER_BYTES} always hold. */
export const MAX_NUMBER_DIGITS = 315_652;

/** Refuses a container at the depth `depth`, which begins at a byte, if it nests too deep. */
export function requireDepth(depth: number, at: number): void {
  if (depth < MAX_ION_DEPTH) return;
  const expected = `containers nested at most ${MAX_ION_DEPTH} deep`;
  throw new MalformedIonError(
    `${expected} at byte ${at}`,
    `Expected ${expected}, found more at byte ${at}: flatten the value.`,
  );
}

/** Builds the one message every decoder uses: what was expected, where, and what to do. */
export function malformed(expected: string, offset: number, cause?: unknown): MalformedIonError {
  return new MalformedIonError(
    `${expected} at byte ${offset}`,
    `Expected ${expected} at byte ${offset}: the data is not valid Ion 1.0 or was cut short; read it again from its source.`,
    cause === undefined ? {} : { cause },
  );
}
