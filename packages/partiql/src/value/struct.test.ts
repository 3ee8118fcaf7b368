// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { dom, dumpBinary, load } from "ion-js";
import { toText } from "../../test/run";
import { fieldsOf, makeStruct } from "./struct";

const one = new dom.Integer(1);
const two = new dom.Integer(2);

describe("makeStruct", () => {
  it("keeps the order of fields with names like numbers, also when written", () => {
    const struct = makeStruct([
      ["b", one],
      ["10", two],
      ["a", one],
      ["9", two],
    ]);
    expect(struct.fieldNames()).toEqual(["b", "10", "a", "9"]);
    expect(toText(struct)).toBe("{b:1,'10':2,a:1,'9':2}");
    expect(struct.fields().map(([name]) => name)).toEqual(["b", "10", "a", "9"]);
    expect(struct.elements().map(String)).toEqual(["1", "2", "1", "2"]);
    expect(load(dumpBinary(struct))!.get("9")!.numberValue()).toBe(2);
  });

  it("follows later changes of such a struct", () => {
    const struct = makeStruct([
      ["b", one],
      ["10", two],
    ]);
    struct.deleteField("b");
    (struct as unknown as Record<string, unknown>)["z"] = 3;
    expect(toText(struct)).toBe("{'10':2,z:3}");
  });

  it("keeps repeated fields and annotations", () => {
    const struct = makeStruct(
      [
        ["a", one],
        ["b", one],
        ["a", two],
      ],
      ["note"],
    );
    expect(toText(struct)).toBe("note::{a:1,a:2,b:1}");
    expect(fieldsOf(struct).map(([name]) => name)).toEqual(["a", "a", "b"]);
  });

  it("takes names that mean something to JavaScript", () => {
    const names = ["__proto__", "constructor", "get", "toString", "_fields", ""];
    const struct = makeStruct(names.map((name) => [name, one]));
    expect(struct.fieldNames()).toEqual(names);
    expect(struct.get("__proto__")!.numberValue()).toBe(1);
  });
});
