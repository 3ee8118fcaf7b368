// SPDX-License-Identifier: MIT

/** An answer that was lost on the way: the client's connection is cut too, because nothing true can be answered. */
export class LostAnswerError extends Error {
  constructor(cause: unknown) {
    super("Expected an answer of the server that has the session, found that it was lost.", { cause });
  }
}
