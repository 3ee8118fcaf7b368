// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { DeadLetterFormatError, decodeDeadLetter, encodeDeadLetter, isDeadLetter } from "@ledger-loader/core";
import fc from "fast-check";
import { aLetter } from "../../test/letters";

const bodies = fc.oneof(
  fc.string({ unit: "binary" }),
  // Halves of surrogate pairs too.
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
  fc.uint8Array(),
  fc.string().map((text) => new Uint8Array(Buffer.from(text))),
);

describe("A dead letter", () => {
  it.each([Infinity, 0])(
    "is read back as it was written, its bytes too (compressed above %d bytes)",
    (bytesMax) => {
      fc.assert(
        fc.property(bodies, fc.string(), fc.boolean(), (body, text, retryable) => {
          const letter = aLetter({
            body,
            ...(retryable && bytesMax > 0 ? { events: text } : {}),
            retryable,
            origin: text,
            detail: text,
            reason: "version-gap",
            waitingFor: { table: "T", id: JSON.stringify(text), version: 4 },
            sentAtMs: 1,
          });
          const line = encodeDeadLetter(letter, bytesMax);
          expect(decodeDeadLetter(line)).toEqual(letter);
          expect(line).not.toContain("\n");
          expect(isDeadLetter(line)).toBe(true);
        }),
      );
    },
  );

  it("shows a body that is text as text, so that a person can correct it", () => {
    const body = new Uint8Array(Buffer.from(`{op:"INSRT"}`));
    const line = encodeDeadLetter(aLetter({ body })).replace("INSRT", "INSERT");
    expect(decodeDeadLetter(line).body).toEqual(new Uint8Array(Buffer.from(`{op:"INSERT"}`)));
  });

  it("keeps the events that its body was mapped to, until the body is corrected", () => {
    const letter = aLetter({ channel: "dms", body: `{"data":{"id":1}}`, events: `{op:"INSERT"}` });
    const line = encodeDeadLetter(letter);
    expect(decodeDeadLetter(line.replace("INSERT", "ANY")).events).toBe(`{op:"ANY"}`);
    expect(decodeDeadLetter(line.replace(String.raw`\"id\":1`, String.raw`\"id\":2`))).toEqual(
      aLetter({ channel: "dms", body: `{"data":{"id":2}}` }),
    );
  });

  it("compresses the events too, and leaves them out before it is too long for a queue", () => {
    const body = new Uint8Array(Buffer.from("x".repeat(2_000)));
    const letter = aLetter({ body, events: "event ".repeat(1_000) });
    expect(decodeDeadLetter(encodeDeadLetter(letter, 1_500))).toEqual(letter);
    const noise = Array.from({ length: 2_000 }, (_, i) => (i * i * 7919).toString(36)).join("");
    const large = aLetter({ body, events: noise });
    expect(decodeDeadLetter(encodeDeadLetter(large, 1_500))).toEqual(aLetter({ body }));
  });

  it("is compressed where it would be too long, which repeated text makes far shorter", () => {
    const letter = aLetter({ body: `{op:"INSERT"}`.repeat(10_000) });
    expect(encodeDeadLetter(letter, 100_000).length).toBeLessThan(2_000);
    expect(encodeDeadLetter(letter, 200_000).length).toBeGreaterThan(100_000);
  });

  it.each([
    ["not JSON", "{op:", "what is not JSON"],
    ["no object", "7", "JSON that is no object"],
    ["an event", `{"op":"INSERT"}`, "another format"],
    ["a newer format", encodeDeadLetter(aLetter()).replace("letter/1", "letter/2"), "another format"],
    ["cut off", encodeDeadLetter(aLetter()).slice(0, -20), "what is not JSON"],
    ["without a reason", encodeDeadLetter(aLetter()).replace(`"reason"`, `"x"`), "reason that is missing"],
    [
      "without a time",
      encodeDeadLetter(aLetter()).replace("1763690000000", `"now"`),
      "parkedAtMs that is no number",
    ],
    ["of an unknown encoding", encodeDeadLetter(aLetter()).replace(`"text"`, `"rot13"`), "unknown encoding"],
    ["damaged", encodeDeadLetter(aLetter(), 0).replace("H4sI", "AAAA"), "damaged"],
  ])("that is %s is refused without repeating it", (_, text, found) => {
    const error = catchError(() => decodeDeadLetter(text));
    expect(error).toBeInstanceOf(DeadLetterFormatError);
    expect(error.message).toContain(found);
    expect(error.message).not.toContain("op");
  });
});

function catchError(work: () => unknown): Error {
  try {
    work();
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was thrown");
}
