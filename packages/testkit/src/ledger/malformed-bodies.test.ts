// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { InvalidEventError, decodeEvents } from "@ledger-loader/core";
import { malformedBodies } from "./malformed-bodies";

/** The reason that decoding alone finds; the rest only the ledger can tell. */
function reasonOf(body: string): string | undefined {
  try {
    return decodeEvents(body).events[0]?.rejected?.reason;
  } catch (error) {
    if (error instanceof InvalidEventError) return error.reason;
    throw error;
  }
}

describe("malformedBodies", () => {
  it.each(malformedBodies("T"))("holds a message that is rejected as $reason: $name", ({ body, reason }) => {
    const onlyLedgerCanTell = ["unknown-table", "document-too-large"].includes(reason);
    expect(reasonOf(body)).toBe(onlyLedgerCanTell ? undefined : reason);
  });

  it("has a name of its own for each", () => {
    const names = malformedBodies("T").map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});
