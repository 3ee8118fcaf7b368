// SPDX-License-Identifier: MIT
import { execFileSync } from "node:child_process";
import { describe, expect, it } from "@jest/globals";
import { shownCommand } from "./shown-command";

describe("shownCommand", () => {
  it("shows arguments and the options that are given, on a line of its own", () => {
    expect(
      shownCommand(["reconcile", "./export"], { "--ledger": "cars", "--lenient": true, "--x": undefined }),
    ).toBe("  ledger-loader reconcile ./export --ledger cars --lenient");
  });

  it.each(["my export", "it's", "$HOME", "a;b", "", "`x`", 'say "so"'])("quotes %j for a shell", (word) => {
    const shown = shownCommand(["export", "verify", word]).replace("ledger-loader", "printf '%s\\n'");
    expect(execFileSync("sh", ["-c", shown]).toString()).toBe(`export\nverify\n${word}\n`);
  });
});
