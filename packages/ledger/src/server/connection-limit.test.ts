// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { ConnectionLimit } from "./connection-limit";
import { openFilesMax } from "./open-files";

describe("A limit of connections", () => {
  it.each([
    ["is kept where there are files enough", 4096, 100_000, 4096],
    ["is kept where the system knows no limit of files", 4096, Infinity, 4096],
    ["leaves files for ledgers, and connections to refuse", 4096, 1024, 614],
    ["may be one", 1, 1024, 1],
  ])("%s", (_, connectionsMax, filesMax, served) => {
    expect(new ConnectionLimit(connectionsMax, filesMax).servedMax).toBe(served);
  });

  it("knows how many files this process may open", () => {
    expect(openFilesMax()).toBeGreaterThan(100);
  });
});
