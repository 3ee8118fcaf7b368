// SPDX-License-Identifier: MIT
import { LedgerLoaderError } from "@ledger-loader/errors";

/** A mapping file that cannot be used; all of its problems together. */
export class EventMappingError extends LedgerLoaderError {
  readonly code = "EVENT_MAPPING";
  /** One sentence per problem, each beginning with its place in the file. */
  readonly problems: readonly string[];

  constructor(name: string, problems: readonly string[], cause?: unknown) {
    super(
      `Expected ${name} to be a mapping of records to events, found:\n${problems.join("\n")}\n` +
        "Correct the file; docs/guides/mapping.md describes it.",
      { cause },
    );
    this.problems = problems;
  }
}
