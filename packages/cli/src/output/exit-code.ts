// SPDX-License-Identifier: MIT
import type { Verdict } from "@ledger-loader/journal";

/** The exit codes of the process. Scripts branch on these and nothing else. */
export const ExitCode = {
  /** The command did its work and what it checked holds. */
  holds: 0,
  /** The command did its work and what it checked does not hold: verification failed, events were rejected… */
  doesNotHold: 1,
  /** There is no answer: wrong usage, unreadable input, no server, or a bug of this program. */
  noAnswer: 2,
  /** A verification found nothing wrong, but a part could not be checked. */
  incomplete: 3,
} as const;

/** One of the values of {@link ExitCode}. */
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

const OF_VERDICT: Readonly<Record<Verdict, ExitCode>> = {
  passed: ExitCode.holds,
  failed: ExitCode.doesNotHold,
  "not-comparable": ExitCode.noAnswer,
  incomplete: ExitCode.incomplete,
};

/** The exit code of a verdict. */
export function exitCodeOf(verdict: Verdict): ExitCode {
  return OF_VERDICT[verdict];
}
