// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { withoutUndefined } from "./without-undefined";

describe("withoutUndefined", () => {
  it("leaves out the fields without value, and keeps null, zero, false and the empty text", () => {
    const fields = withoutUndefined({ a: undefined, b: null, c: 0, d: false, e: "" });

    expect(Object.entries(fields)).toEqual([
      ["b", null],
      ["c", 0],
      ["d", false],
      ["e", ""],
    ]);
  });

  it("lets the fields before it stand in a merge", () => {
    const region: string | undefined = undefined;

    expect({ region: "eu-west-1", ...withoutUndefined({ region }) }).toEqual({ region: "eu-west-1" });
  });
});
