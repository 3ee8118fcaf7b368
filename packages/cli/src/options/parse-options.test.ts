// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { byteSize } from "./parse-options";

describe("A size in bytes", () => {
  it.each([
    ["1", 1],
    ["500000", 500_000],
    ["64KB", 65_536],
    ["64 kb", 65_536],
    ["256MB", 268_435_456],
    ["256MiB", 268_435_456],
    ["2gb", 2_147_483_648],
  ])("%s is %d", (text, bytes) => {
    expect(byteSize("--size")(text)).toBe(bytes);
  });

  it.each(["", "7B", "0", "0MB", "-1", "1.5MB", "1e6", "MB", "1TB", "1M B", "99999999999GB"])(
    "%j is refused with the option's name",
    (text) => {
      expect(() => byteSize("--size")(text)).toThrow(/^expected --size to be a size such as 500000, 64KB/);
    },
  );
});
