// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { dumpText, load, type dom } from "ion-js";
import { freezeIon } from "./freeze-ion";

describe("freezeIon", () => {
  it("freezes down to the last list, and twice", () => {
    const struct = load("{a:{b:[1]}}") as dom.Struct;
    freezeIon(struct);
    freezeIon(struct);
    const list = struct.get("a", "b") as unknown as unknown[];
    expect(() => list.push(2)).toThrow(TypeError);
    expect(() => struct.deleteField("a")).toThrow(TypeError);
    expect(() => Object.assign(struct, { a: 1 })).toThrow(TypeError);
    expect(() => struct.getAll("a")!.pop()).toThrow(TypeError);
    expect(dumpText(struct)).toBe("{a:{b:[1]}}");
  });
});
