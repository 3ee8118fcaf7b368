// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { decodeIon, hashIon } from "@ledger-loader/ion";
import { fieldOf, sequenceOf } from "@ledger-loader/partiql";
import { arbitraryStruct } from "@ledger-loader/testkit";
import fc from "fast-check";
import { dom, makeBinaryWriter } from "ion-js";
import { openTestStore, query } from "../../test/open-test-store";
import { DocumentContent } from "../storage/pending-document";
import { CommittedRevision } from "./catalog-revision";
import { SentDocuments } from "./sent-documents";
import type { StatementParameter } from "./statement-parameter";

const LIST_LENGTH_MAX = 4;

/** A parameter as the official driver encodes it. */
function sentByDriver(value: dom.Value): StatementParameter {
  const writer = makeBinaryWriter();
  value.writeTo(writer);
  writer.close();
  const ion = writer.getBytes();
  return { ion, value: decodeIon(ion), hash: hashIon(ion) };
}

function expectSameContent(stored: DocumentContent | undefined, value: dom.Value): void {
  const encoded = DocumentContent.of(value);
  expect(stored?.hash).toEqual(encoded.hash);
  expect(stored && hashIon(stored.ion)).toEqual(encoded.hash);
}

describe("Documents among the parameters of a statement", () => {
  it("are stored as they were sent, alone or in a list, with the hash of the value", () => {
    fc.assert(
      fc.property(
        arbitraryStruct,
        fc.array(arbitraryStruct, { maxLength: LIST_LENGTH_MAX }),
        (document, list) => {
          const parameters = [sentByDriver(document), sentByDriver(new dom.List(list))];
          const sent = new SentDocuments(parameters, LIST_LENGTH_MAX);
          expectSameContent(sent.contentOf(parameters[0]!.value), document);
          for (const [i, element] of [...sequenceOf(parameters[1]!.value)!].entries()) {
            expectSameContent(sent.contentOf(element), list[i]!);
          }
        },
      ),
    );
  });

  it("are not what a statement makes of them", async () => {
    const store = await openTestStore();
    const { ledger } = store;
    try {
      await query(ledger, "CREATE TABLE T");
      await query(ledger, "INSERT INTO T ?", "{a: 1, b: {c: 1}}");
      await query(ledger, "UPDATE T AS t SET t = ?, t.b.c = 2, t.d = 3", "{a: 5, b: {c: 1}}");
      expect(await query(ledger, "SELECT * FROM T")).toEqual(["{a:5,b:{c:2},d:3}"]);
      await query(ledger, "UPDATE T AS t SET t.b = ?", "{e: {}}");
      expect(await query(ledger, "SELECT * FROM T")).toEqual(["{a:5,b:{e:{}},d:3}"]);
    } finally {
      await store.close();
    }
  });

  it("are stored as they were sent in a field of an element, whatever else the element holds", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(arbitraryStruct, arbitraryStruct), { maxLength: LIST_LENGTH_MAX }),
        (pairs) => {
          const elements = pairs.map(([data, other]) => dom.Value.from({ id: "x", other, data }));
          const parameter = sentByDriver(new dom.List(elements));
          const sent = new SentDocuments([parameter], LIST_LENGTH_MAX);
          for (const [i, element] of [...sequenceOf(parameter.value)!].entries()) {
            expectSameContent(sent.contentOf(fieldOf(element, "data")!), fieldOf(elements[i], "data")!);
            expectSameContent(sent.contentOf(fieldOf(element, "other")!), fieldOf(elements[i], "other")!);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it("are not found by another value, nor in a list that is longer than a statement's documents", () => {
    const parameter = sentByDriver(
      dom.Value.from(Array.from({ length: LIST_LENGTH_MAX + 1 }, () => ({ a: 1 }))),
    );
    const sent = new SentDocuments([parameter], LIST_LENGTH_MAX);
    expect(sent.contentOf(sequenceOf(parameter.value)![0]!)).toBeUndefined();
    expect(sent.contentOf(dom.Value.from({ a: 1 }))).toBeUndefined();
  });
});

describe("A field of a committed revision", () => {
  it("is the same, whether it is read from the bytes or from the whole document", () => {
    fc.assert(
      fc.property(arbitraryStruct, (document) => {
        const data = DocumentContent.of(document).ion;
        const names = [...new Set([...document.fieldNames(), "absent"])];
        const revision = new CommittedRevision({ ...REVISION, data }, "strand");
        // The first ones come from the bytes, later ones from the document.
        for (const name of [...names, ...names]) {
          expect(revision.at([name])).toEqual(fieldOf(decodeIon(data), name));
        }
      }),
    );
  });

  it("is absent where the data is", () => {
    expect(new CommittedRevision({ ...REVISION, data: undefined }, "strand").at(["a"])).toBeUndefined();
  });
});

const REVISION = {
  tableNo: 1,
  documentId: "document",
  version: 0,
  sequenceNo: 1,
  transactionId: "transaction",
  transactionTime: 0,
  hash: new Uint8Array(32),
  dataHash: undefined,
};
