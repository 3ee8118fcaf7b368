// SPDX-License-Identifier: MIT
import { expect, it } from "@jest/globals";
import { hashIon } from "../hash/hash-ion";
import { transcodeToBinary } from "./transcode-to-binary";
import { arbitraryIonText, plainRuns } from "@ledger-loader/testkit";
import * as fc from "fast-check";
import { dumpBinary, load } from "ion-js";
import { binaryToText } from "./ion-text";

it("prints any value so that it reads back the same", () => {
  fc.assert(
    fc.property(arbitraryIonText, (text) => {
      const ion = transcodeToBinary(text);
      const again = transcodeToBinary(binaryToText(ion));
      expect(Buffer.from(hashIon(again)).toString("hex")).toBe(Buffer.from(hashIon(ion)).toString("hex"));
    }),
    { numRuns: plainRuns(500) },
  );
});

it.each([
  "{}",
  "[]",
  "()",
  "(a '+' '/' 'nan' null.int '$5' a::b)",
  "{'null':'true',a:'nan','':'a b',b:'it\\'s'}",
  "{a:nan,b:+inf,c:-inf,d:-0e0,e:1e0,f:1.5e+300,g:5e-324}",
  "[0.,-0.,1.50,0.005,12d3,-15d-20,123456789012345678901234567890.123]",
  "[1,-1,0,123456789012345678901234567890,-123456789012345678901234567890]",
  "[2020T,2020-01T,2020-01-01T,2020-01-01T00:00Z,2020-01-01T00:00:00-00:00,0001-01-02T01:02:03.000Z]",
  "[2020-01-01T00:30:00.1234567890+05:30,2019-12-31T23:30:59.9996-01:00,1500-02-28T00:00:00.50Z]",
  '[{{aGk=}},{{}},{{"a\\x00\\xff"}},{{""}}]',
  "a::'b c'::{d:e::null.struct,f:null}",
  '"a\\"\\\\\\n€😀"',
])("prints %s as it is", (text) => {
  expect(Buffer.from(binaryToText(transcodeToBinary(text))).toString("utf8")).toBe(`${text}\n`);
});

it("reads the same to ion-js", () => {
  const value = load("{a:[1,2.50,{b:'c'}],d:{{aGk=}},e:2020-01-01T10:00:00.000Z}");
  expect(value && load(Buffer.from(binaryToText(dumpBinary(value))).toString("utf8"))?.equals(value)).toBe(
    true,
  );
});
