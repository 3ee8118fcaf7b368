// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { plainRuns } from "@ledger-loader/testkit";
import * as fc from "fast-check";
import { dom, dumpText } from "ion-js";
import { arbitraryIon } from "../../test/arbitrary-ion";
import { decodeIon } from "../binary/decode-ion";
import { encodeIon } from "../binary/encode-ion";
import { hashIonValue } from "../hash/hash-ion";
import { decodeLazily } from "./decode-ion-values";
import { freezeIon } from "./freeze-ion";
import { equalIon } from "./ion-equality";
import { ionSizeAtMost } from "./ion-size";
import { sourceOf } from "./lazy-struct";
import { hasField, withField, withoutField } from "./struct-fields";

/** Makes a struct long enough to be built only when somebody asks. */
const LONG = "x".repeat(64);
const RUNS = { numRuns: plainRuns(150) };

/** Fields of which some have one name, and a struct among them. */
const fields = fc.array(fc.tuple(fc.constantFrom("a", "b", "7", "id", "ü"), arbitraryIon), { maxLength: 5 });

function toBinary(members: readonly [string, dom.Value][], annotations: string[] = []): Uint8Array {
  const inner = new dom.Struct([...grouped([["inner", new dom.String(LONG)], ...members])]);
  const outer = [["nested", inner], ["long", new dom.String(LONG)], ...members] as [string, dom.Value][];
  return encodeIon(new dom.List([new dom.Struct(grouped(outer), annotations)]));
}

function grouped(members: readonly [string, dom.Value][]): [string, dom.Value[]][] {
  const names = [...new Set(members.map(([name]) => name))];
  return names.map((name) => [name, members.flatMap(([each, value]) => (each === name ? [value] : []))]);
}

function lazyOf(binary: Uint8Array): dom.Struct {
  const [struct] = decodeLazily(binary).elements();
  expect(struct && sourceOf(struct)).toBeDefined();
  return struct as dom.Struct;
}

function builtOf(binary: Uint8Array): dom.Struct {
  return decodeIon(binary).elements()[0] as dom.Struct;
}

const hex = (value: dom.Value): string => Buffer.from(encodeIon(value)).toString("hex");

describe("a struct that is built when somebody asks for its fields", () => {
  it("is encoded, hashed, measured and read as one that was built at once", () => {
    fc.assert(
      fc.property(fields, fc.constantFrom<string[]>([], ["note"]), (members, annotations) => {
        const binary = toBinary(members, annotations);
        const [lazy, built] = [lazyOf(binary), builtOf(binary)];
        expect(hex(lazy)).toBe(hex(built));
        expect(hashIonValue(lazy)).toEqual(hashIonValue(built));
        expect(ionSizeAtMost(lazy)).toBeGreaterThanOrEqual(encodeIon(built).length);
        expect(sourceOf(lazy)).toBeDefined();
        expect(dumpText(lazy)).toBe(dumpText(built));
        expect(sourceOf(lazy)).toBeUndefined();
        expect(lazy).toEqual(built);
      }),
      RUNS,
    );
  });

  it("equals another one exactly when their hashes are equal, in whatever order their fields stand", () => {
    fc.assert(
      fc.property(fields, fields, (some, others) => {
        const a = lazyOf(toBinary(some));
        const b = lazyOf(toBinary(others));
        expect(equalIon(a, b)).toBe(hashIonValue(a).join() === hashIonValue(b).join());
        expect(equalIon(a, lazyOf(toBinary([...some].reverse())))).toBe(true);
        expect(equalIon(a, builtOf(toBinary(some)))).toBe(true);
      }),
      RUNS,
    );
  });

  it("takes another field, or loses one, as one that was built", () => {
    fc.assert(
      fc.property(fields, fc.constantFrom("id", "a", "new"), arbitraryIon, (members, name, value) => {
        const binary = toBinary(members, ["note"]);
        expect(hasField(lazyOf(binary), name)).toBe(hasField(builtOf(binary), name));
        for (const change of [
          (struct: dom.Struct) => withField(struct, name, value),
          (struct: dom.Struct) => withoutField(struct, name),
          (struct: dom.Struct) => withField(withoutField(struct, name), name, value),
          (struct: dom.Struct) => withoutField(withField(struct, "b", value), name),
        ]) {
          const changed = change(lazyOf(binary));
          const expected = change(builtOf(binary));
          expect(ionSizeAtMost(changed)).toBeGreaterThanOrEqual(encodeIon(expected).length);
          expect(hashIonValue(changed)).toEqual(hashIonValue(expected));
          expect(equalIon(changed, expected)).toBe(true);
          expect(dumpText(changed)).toBe(dumpText(expected));
        }
      }),
      RUNS,
    );
  });

  it("takes part in the size of a list as large as it can become there", () => {
    const names = Array.from({ length: 300 }, (_, i): [string, dom.Value] => [`n${i}`, new dom.Integer(i)]);
    const lazies = [names, [...names].reverse(), names.slice(150)].map((each) => lazyOf(toBinary(each)));
    const sizes = lazies.map((each) => ionSizeAtMost(each));
    const others = Array.from({ length: 20_000 }, (_, i): dom.Value => new dom.Symbol(`other ${i}`));
    const rest = encodeIon(new dom.List(others)).length;
    const whole = encodeIon(new dom.List([...others, ...lazies])).length;
    expect(whole - rest).toBeLessThanOrEqual(sizes.reduce((sum, size) => sum + size, 0));
    expect(Math.max(...sizes)).toBeLessThan(2 * encodeIon(new dom.List([lazies[0]!])).length);
  });
});

describe("a change of such a struct", () => {
  const binary = toBinary([["a", new dom.Integer(1)]]);

  it("is written, however deep it is made", () => {
    const struct = lazyOf(binary);
    Object.assign(struct.get("nested")!, { a: "changed" });
    expect(dumpText(decodeIon(encodeIon(struct)))).toBe(dumpText(struct));
    expect(dumpText(struct)).toContain('inner:"');
    expect(dumpText(struct)).toContain('a:"changed"');
    expect(equalIon(struct, lazyOf(binary))).toBe(false);
  });

  it.each(["before", "after"])("is impossible once it is frozen %s it is built", (when) => {
    const struct = lazyOf(binary);
    if (when === "after") struct.get("nested", "a");
    freezeIon(struct);
    freezeIon(struct);
    expect(Object.isFrozen(struct)).toBe(true);
    expect(() => Object.assign(struct, { a: 2 })).toThrow(TypeError);
    expect(() => Object.assign(struct.get("nested")!, { a: 2 })).toThrow(TypeError);
    expect(() => struct.deleteField("a")).toThrow(TypeError);
    expect(() => struct.getAll("a")!.pop()).toThrow(TypeError);
    expect(sourceOf(struct) !== undefined).toBe(when === "before");
    expect(hex(struct)).toBe(hex(builtOf(binary)));
  });

  it("of what was set in it, and of a field that it has not, leaves others as they are", () => {
    const frozen = lazyOf(binary);
    freezeIon(frozen);
    const copy = withField(frozen, "a", new dom.Integer(2));
    Object.assign(copy, { b: 3 });
    expect(copy.fieldNames()).toEqual(["nested", "long", "a", "b"]);
    expect(withoutField(frozen, "none")).toBe(frozen);
    expect(hex(frozen)).toBe(hex(builtOf(binary)));
  });
});
