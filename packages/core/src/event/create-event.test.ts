// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { createEvent, type EventOp, InvalidEventError } from "@ledger-loader/core";

/** The error of an event with these fields. */
function refusal(op: string, table = "T"): string {
  try {
    createEvent({ op: op as EventOp, table, data: { a: 1 } });
  } catch (error) {
    if (error instanceof InvalidEventError) return error.message;
    throw error;
  }
  throw new Error("Expected the event to be refused, found that it was made.");
}

describe("What an event says of itself is shown in errors", () => {
  it.each([
    ["what a terminal obeys", "UP\u202eDATE\u001b[31m", '"UP\\u202eDATE\\u001b[31m".'],
    ["C1 controls", "\u009b2J", '"\\u009b2J".'],
    ["a long text", `someone@example.org ${"x".repeat(1000)}`, `"someone@example.org ${"x".repeat(44)}"….`],
  ])("cut and escaped: %s", (_, text, shown) => {
    expect(refusal(text)).toContain(`found ${shown}`);
    expect(refusal("INSERT", text)).toContain(`found ${shown}`);
    expect(() => createEvent({ op: "INSERT", table: "T", [text]: 1 })).toThrow(`field ${shown}`);
  });
});
