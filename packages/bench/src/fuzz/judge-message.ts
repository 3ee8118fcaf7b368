// SPDX-License-Identifier: MIT
import { LedgerLoaderError } from "@ledger-loader/errors";

/** A message is read in a log or on a terminal: texts of others in it are cut. */
const MESSAGE_LENGTH_MAX = 1000;

/** The texts that a message about somebody's input MUST NOT hold, and the name of each fault. */
const FAULTS: readonly (readonly [pattern: RegExp, fault: string])[] = [
  [/^\s*$/, "says nothing"],
  [/\p{Cc}|[\u2028-\u202e\u2066-\u2069]/u, "holds characters that a terminal obeys"],
  [/\bExpected\b[^]*\bExpected\b/, "is nested in another one"],
  [/\[object |\bundefined\b/, "shows a value of the program"],
  [/\bBUG\b|bug of/, "blames the program"],
];

/** Finds the fault in the message of a refusal; `undefined` if there is none. */
export function judgeMessage(message: string): string | undefined {
  if (message.length > MESSAGE_LENGTH_MAX) return `a message of ${message.length} characters`;
  const fault = FAULTS.find(([pattern]) => pattern.test(message))?.[1];
  return fault === undefined ? undefined : `a message that ${fault}: ${message.slice(0, 300)}`;
}

/** Finds the fault in an error about somebody's input; `undefined` if there is none. */
export function judgeError(error: unknown): string | undefined {
  if (error instanceof LedgerLoaderError) return judgeMessage(error.message);
  const shown = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `an untyped error: ${shown.split("\n").slice(0, 4).join(" ")}`;
}
