// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { encodeEvent } from "@ledger-loader/core";
import { aHistory, anEvent } from "./builders";

describe("anEvent", () => {
  it.each([
    [{}, `{op:"INSERT",table:"Vehicle",id:"v1",version:0,data:{color:"red"}}`],
    [{ op: "DELETE", version: 4 } as const, `{op:"DELETE",table:"Vehicle",id:"v1",version:4}`],
    [{ id: 7, data: { n: 1 } }, `{op:"INSERT",table:"Vehicle",id:7,version:0,data:{n:1}}`],
    [{ position: [1, 2] }, `{op:"INSERT",table:"Vehicle",id:"v1",position:[1,2],data:{color:"red"}}`],
    [{ id: undefined }, `{op:"INSERT",table:"Vehicle",data:{color:"red"}}`],
  ])("fills in what a test does not name: %j", (fields, text) => {
    expect(encodeEvent(anEvent(fields))).toBe(text);
  });
});

describe("aHistory", () => {
  it("numbers the versions of one record", () => {
    const history = aHistory(["INSERT", "UPDATE", "DELETE", "INSERT"], { id: "a" });
    expect(history.map(({ op, version }) => `${op} ${version!}`)).toEqual([
      "INSERT 0",
      "UPDATE 1",
      "DELETE 2",
      "INSERT 3",
    ]);
    expect(new Set(history.map(encodeEvent)).size).toBe(4);
  });
});
