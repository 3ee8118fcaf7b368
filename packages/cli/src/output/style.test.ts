// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { runWords } from "../../test/run-words";
import { styleFor } from "./style";

const tty = { write: () => undefined, isTTY: true };

describe("styleFor", () => {
  it("colours on a terminal only, and never against NO_COLOR", () => {
    expect(styleFor(tty, {}).bad("x")).toBe("\u001b[31mx\u001b[39m");
    expect(styleFor(tty, { NO_COLOR: "1" }).bad("x")).toBe("x");
    expect(styleFor(tty, { NO_COLOR: "" }).bad("x")).not.toBe("x");
    expect(styleFor(tty, { TERM: "dumb" }).bad("x")).toBe("x");
    expect(styleFor({ write: () => undefined }, {}).bad("x")).toBe("x");
  });

  it("reaches what commands print", async () => {
    const words = ["export", "verify", "/no/such/folder"];
    expect((await runWords(words, { isTTY: true })).stderr).toContain("\u001b[31merror:");
    expect((await runWords(words)).stderr).toMatch(/^error:/);
  });
});
