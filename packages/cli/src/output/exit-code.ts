// SPDX-License-Identifier: MIT

/** What the process says with its exit code; scripts branch on these three and nothing else. */
export const ExitCode = {
  /** The command did its work and what it checked holds. */
  holds: 0,
  /** The command did its work and what it checked does not hold: verification failed, events were rejected… */
  doesNotHold: 1,
  /** There is no answer: wrong usage, unreadable input, no server, or a bug of this program. */
  noAnswer: 2,
} as const;

/** One of the values of {@link ExitCode}. */
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
