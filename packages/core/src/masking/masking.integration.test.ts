// SPDX-License-Identifier: MIT
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import {
  BaseRevisionWriter,
  MaskingConfigError,
  MaskingError,
  type RevisionEvent,
  type RevisionWriter,
  TableMapperRevisionWriter,
  createEvent,
  createLoader,
  createMasking,
  encodeEvent,
  parseMasking,
} from "@ledger-loader/core";
import fc from "fast-check";
import { dumpText, load, type dom } from "ion-js";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { arbitraryStruct } from "@ledger-loader/testkit";
import { loadEvents } from "../../test/load-events";
import { startTestLedger, type TestLedger } from "../../test/test-ledger";

const KEY = "a key of at least thirty-two characters";

/** Masks one document of table T. */
function mask(rules: string, data: string, key = KEY): string {
  const masking = createMasking(parseMasking(`{tables:{T:{rules:${rules}}}}`, true), key);
  const event = createEvent({ op: "INSERT", table: "T", data: load(data) as dom.Struct });
  return dumpText(masking(event).data!);
}

describe("Masking", () => {
  it.each([
    ["drops a field", `[{path:"a",action:drop}]`, "{a:1,b:2}", "{b:2}"],
    ["drops a field of a struct beneath", `[{path:"a.b",action:drop}]`, "{a:{b:1,c:2}}", "{a:{c:2}}"],
    [
      "replaces a value, whatever it was",
      `[{path:"a",action:replace,value:withheld}]`,
      "{a:{b:1}}",
      "{a:withheld}",
    ],
    ["renames a field", `[{path:"a",action:rename,to:"b"}]`, "{a:1,c:2}", "{b:1,c:2}"],
    [
      "renames a field and masks beneath it",
      `[{path:"a",action:rename,to:"z"},{path:"a.b",action:drop}]`,
      "{a:{b:1,c:2}}",
      "{z:{c:2}}",
    ],
    [
      "swaps two fields",
      `[{path:"a",action:rename,to:"b"},{path:"b",action:rename,to:"a"}]`,
      "{a:1,b:2}",
      "{b:1,a:2}",
    ],
    [
      "reaches every element of a list",
      `[{path:"a.*.b",action:drop}]`,
      "{a:[{b:1,c:2},{c:3}]}",
      "{a:[{c:2},{c:3}]}",
    ],
    [
      "reaches every field of a struct",
      `[{path:"a.*",action:replace,value:0}]`,
      "{a:{x:1,y:2}}",
      "{a:{x:0,y:0}}",
    ],
    [
      "prefers the rule that names the field",
      `[{path:"a.*",action:drop},{path:"a.x",action:replace,value:0}]`,
      "{a:{x:1,y:2}}",
      "{a:{x:0}}",
    ],
    ["knows names with dots", `[{path:["a.b"],action:drop}]`, `{'a.b':1,a:{b:2}}`, "{a:{b:2}}"],
    ["masks all fields of one name", `[{path:"a",action:drop}]`, "{a:1,a:2,b:3}", "{b:3}"],
    [
      "leaves alone what is absent or null",
      `[{path:"a.b",action:drop},{path:"c",action:hash}]`,
      "{a:null,c:null.string}",
      "{a:null,c:null.string}",
    ],
    ["reads rules in JSON", `[{"path": "a", "action": "replace", "value": 1.50}]`, "{a:1}", "{a:1.50}"],
  ])("%s", (_, rules, data, expected) => {
    expect(mask(rules, data)).toBe(expected);
  });

  it("hashes with the key: equal values alike, others not, and nothing without the key", () => {
    const rules = `[{path:"a",action:hash},{path:"b",action:hash}]`;
    const same = load(mask(rules, `{a:"x",b:x}`))!;
    expect(same.get("a")!.stringValue()).toMatch(/^[\w-]{43}$/);
    expect(same.get("a")).toEqual(same.get("b"));
    const other = load(mask(rules, `{a:"x",b:{c:["x"]}}`))!;
    expect(other.get("a")).not.toEqual(other.get("b"));
    expect(mask(rules, `{a:"x",b:"y"}`)).toBe(mask(rules, `{a:"x",b:"y"}`));
    expect(mask(rules, `{a:"x",b:"y"}`, `${KEY}!`)).not.toBe(mask(rules, `{a:"x",b:"y"}`));
  });

  it.each([
    ["a text where the rule names a field", `[{path:"a.b",action:drop}]`, `{a:"secret"}`],
    ["a list where the rule names a field", `[{path:"a.b",action:drop}]`, `{a:[{b:"secret"}]}`],
    ["a text where the rule names elements", `[{path:"a.*",action:hash}]`, `{a:"secret"}`],
    ["a field in the way of a renamed one", `[{path:"a",action:rename,to:"b"}]`, `{a:1,b:"secret"}`],
  ])("refuses an event with %s, instead of letting it through", (_, rules, data) => {
    const attempt = (): string => mask(rules, data);
    expect(attempt).toThrow(MaskingError);
    expect(attempt).not.toThrow("secret");
  });

  it.each([
    [`[{path:"contacts.*.phone",action:drop}]`, `{contacts:{'someone@example.org':"text"}}`, "contacts.*"],
    [`[{path:"*.a.b",action:hash}]`, `{'someone@example.org':{a:[1]}}`, "*.a"],
    [`[{path:"a.*.*.b",action:drop}]`, `{a:[{'someone@example.org':7}]}`, "a.*.*"],
    [`[{path:"*.x",action:rename,to:"y"}]`, `{'someone@example.org':{x:1,y:2}}`, "*.y"],
  ])("names the rule %s in its error, never a field that only the event names", (rules, data, path) => {
    const attempt = (): string => mask(rules, data);
    expect(attempt).toThrow(`Expected ${path} to be `);
    expect(attempt).not.toThrow("someone");
  });

  it.each([
    [`[{path:"a",action:hash}]`, `{a:secret::null.string}`, "{a:null.string}"],
    [`[{path:"a",action:hash}]`, `{a:secret::other::null}`, "{a:null}"],
    [`[{path:"a.*",action:hash}]`, `{a:[secret::null.struct]}`, "{a:[null.struct]}"],
    [`[{path:"a",action:replace,value:0}]`, `{a:secret::1}`, "{a:0}"],
  ])("masks the annotations of a value with it: %s", (rules, data, expected) => {
    expect(mask(rules, data)).toBe(expected);
    expect(mask(`[{path:"a",action:hash}]`, `{a:secret::1}`)).toMatch(/^\{a:"[\w-]{43}"\}$/);
  });

  it("leaves everything else as it is, Ion types included", () => {
    const masking = createMasking(
      parseMasking(`{tables:{'*':{rules:[{path:"no such field",action:drop}]}}}`, true),
      KEY,
    );
    fc.assert(
      fc.property(arbitraryStruct, (data) => {
        const event = createEvent({ op: "UPDATE", table: "T", id: "x", version: 3, data });
        expect(encodeEvent(masking(event))).toBe(encodeEvent(event));
      }),
    );
  });

  it.each([
    ["a field that is renamed", `[{path:"a",action:rename,to:"x"}]`, ["a", "b"], ["x", "b"]],
    ["a field that is dropped", `[{path:"a",action:drop}]`, ["a", "b"], ["b"]],
    [
      "fields that keep their names",
      `[{path:"a",action:hash},{path:"b",action:replace,value:0}]`,
      ["a", "b"],
      ["a", "b"],
    ],
    ["every field dropped by *", `[{path:"*",action:drop}]`, ["a", "b"], undefined],
    ["a field of a struct beneath", `[{path:"a.b",action:drop}]`, ["a", "b"], ["a", "b"]],
    ["all fields, whatever their names", `[{path:"a",action:rename,to:"x"}]`, ["*"], ["*"]],
  ])("names in unchanged, as in data, %s", (_, rules, unchanged, expected) => {
    const masking = createMasking(parseMasking(`{tables:{T:{rules:${rules}}}}`, true), KEY);
    const event = createEvent({ op: "UPDATE", table: "T", id: "x", version: 1, data: { c: 1 }, unchanged });
    expect(masking(event).unchanged).toEqual(expected);
  });

  it("uses the rules of `*` for tables that are not named, and none for those that are", () => {
    const rules = `{tables:{'*':{rules:[{path:"a",action:drop}]},Open:{}}}`;
    const masking = createMasking(parseMasking(rules, false), undefined);
    const dataOf = (table: string) =>
      dumpText(masking(createEvent({ op: "INSERT", table, data: { a: 1 } })).data!);
    expect([dataOf("T"), dataOf("Open")]).toEqual(["{}", "{a:1}"]);
  });
});

describe("A masking file", () => {
  it("is refused with all its problems at once", () => {
    const text = `{
      tables: {
        'no table': {},
        T: { hashid: true, rules: [
          { path: "a", action: drop },
          { path: "a", action: hash },
          { path: "b", action: scramble },
          { path: "", action: drop },
          { path: "c", action: replace },
          { path: "d", action: rename, value: 1 },
          { path: "e.*", action: rename, to: "f" },
          { path: "a.b", action: drop },
        ] },
        U: { hashId: "yes", rules: {} },
        V: [],
      },
      table: {},
    }`;
    const error = catchError(() => parseMasking(text, false));
    expect(error).toBeInstanceOf(MaskingConfigError);
    expect("problems" in error && error.problems).toEqual([
      "the file.table: expected only tables",
      "tables.no table: expected the name of a table, or *",
      "tables.T.hashid: expected only hashId, rules",
      "tables.T.rules[2].action: expected one of drop, hash, replace, rename",
      "tables.T.rules[3].path: expected field names with dots between, or a list of them",
      "tables.T.rules[4].value: expected one for replace",
      "tables.T.rules[5].value: expected none for rename",
      "tables.T.rules[5].to: expected one for rename",
      "tables.T.rules[6].path: expected a field to rename, found *",
      "tables.T: expected one rule for a, found two",
      "tables.T: expected no rule beneath a, which is masked as a whole, found a.b",
      "tables.T: expected no rule beneath a, which is masked as a whole, found a.b",
      "tables.U.hashId: expected true or false, found a string",
      "tables.U.rules: expected a list, found a struct",
      "tables.V: expected a struct, found a list",
      "MASKING_KEY: expected a key, as rules hash values, found nothing",
    ]);
  });

  it("as docs/guides/masking.md shows it is valid, and does what the guide says", () => {
    const page = readFileSync(join(__dirname, "../../../../docs/guides/masking.md"), "utf8");
    const [, rules = ""] = /```json\n([^]*?)```/.exec(page) ?? [];
    const data = `{email:"a@example.org",name:"Ann",address:{street:"Main",city:"X"},phones:[{number:"1"}]}`;
    const event = createEvent({
      op: "INSERT",
      table: "Person",
      id: "a@example.org",
      data: load(data) as dom.Struct,
    });
    const masked = createMasking(parseMasking(rules, true), KEY)(event);
    expect(dumpText(masked.data!)).toBe(
      `{email:${dumpText(masked.id!.value)},fullName:"Ann",address:{city:"X"},phones:[{number:"withheld"}]}`,
    );
  });

  it.each([
    ["", "found 0 values"],
    ["[]", "found a list"],
    ["{tables:{T:{", "found what is neither"],
    ["{}", "tables: expected a struct, found nothing"],
    ["{tables:7}", "tables: expected a struct, found a int"],
  ])("that holds %j is refused", (text, problem) => {
    expect(() => parseMasking(text, true)).toThrow(problem);
  });
});

describe("Masked events in a ledger", () => {
  let ledger: TestLedger;
  beforeAll(async () => {
    ledger = await startTestLedger({ T: "oldDocumentId", Person: "email" });
  });
  afterAll(() => ledger.close());

  const rules = `{tables:{
    T:{rules:[{path:"name",action:hash},{path:"secret",action:drop}]},
    Person:{hashId:true,rules:[{path:"email",action:hash}]},
  }}`;
  const loaderWith = (key: string, writer: RevisionWriter = new BaseRevisionWriter()) =>
    createLoader({
      ledger: ledger.connect(),
      writer,
      transform: createMasking(parseMasking(rules, true), key),
    });
  const history: RevisionEvent[] = [
    createEvent({ op: "INSERT", table: "T", id: "m.", version: 0, data: { name: "Ann", secret: 1 } }),
    createEvent({ op: "UPDATE", table: "T", id: "m.", version: 1, data: { name: "Ann", secret: 2 } }),
    createEvent({ op: "DELETE", table: "T", id: "m.", version: 2 }),
  ];

  it("are recognized when they come again, and hold nothing of what was masked", async () => {
    expect(await loadEvents(loaderWith(KEY), history)).toEqual(["written", "written", "written"]);
    expect(await loadEvents(loaderWith(KEY), history)).toEqual(Array(3).fill("skipped already-applied"));
    expect(JSON.stringify(await ledger.history("T"))).not.toMatch(/Ann|secret/);
  });

  it("are other content under another key", async () => {
    const outcomes = await loadEvents(loaderWith(`another ${KEY}`), history.slice(0, 1));
    expect(outcomes).toEqual(["rejected conflicting-revision"]);
  });

  it("take unchanged fields from the current revision under their new names, and none that is dropped", async () => {
    const renaming = `{tables:{T:{rules:[{path:"name",action:rename,to:"called"},{path:"secret",action:drop}]}}}`;
    const loader = createLoader({
      ledger: ledger.connect(),
      writer: new BaseRevisionWriter(),
      transform: createMasking(parseMasking(renaming, true), KEY),
    });
    const first = { name: "Ann", secret: "s3cret", age: 1 };
    const events = [
      createEvent({ op: "INSERT", table: "T", id: "u.", version: 0, data: first }),
      createEvent({
        op: "UPDATE",
        table: "T",
        id: "u.",
        version: 1,
        data: { age: 2 },
        unchanged: ["name", "secret"],
      }),
    ];
    expect(await loadEvents(loader, events)).toEqual(["written", "written"]);
    expect(await loadEvents(loader, events)).toEqual(Array(2).fill("skipped already-applied"));
    const documents = (await ledger.documents("T")).filter((text) => text.includes('"u."'));
    expect(documents).toEqual([expect.stringContaining('called:"Ann"')]);
    expect(documents[0]).not.toMatch(/name:|secret/);
  });

  it("find their record by the hashed id, which a natural key that is hashed too agrees with", async () => {
    const person = (version: number, name: string) =>
      createEvent({
        op: "ANY",
        table: "Person",
        id: "ann@example.org",
        version,
        data: { email: "ann@example.org", name },
      });
    const loader = loaderWith(KEY, new TableMapperRevisionWriter({ Person: "email" }));
    const outcomes = await loadEvents(loader, [person(0, "Ann"), person(1, "Anna"), person(0, "Ann")]);
    expect(outcomes).toEqual(["written", "written", "skipped already-applied"]);
    expect(JSON.stringify(await ledger.history("Person"))).not.toContain("example.org");
    expect(await ledger.documents("Person")).toHaveLength(1);
  });

  it("are rejected, not written, where the rules do not fit, and the reason holds no content", async () => {
    const transform = createMasking(
      parseMasking(`{tables:{T:{rules:[{path:"a.b",action:drop}]}}}`, true),
      KEY,
    );
    const loader = createLoader({ ledger: ledger.connect(), writer: new BaseRevisionWriter(), transform });
    const bad = createEvent({ op: "INSERT", table: "T", id: "bad.", version: 0, data: { a: "private" } });
    const decode = () => ({ atomic: false, events: [{ event: bad }] });
    const report = await loader.load([{ deliveryId: "1", decode }], { onFailure: "continue" });
    expect(report.counts.rejected).toEqual({ "transform-failed": 1 });
    expect(JSON.stringify(report)).not.toContain("private");
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
