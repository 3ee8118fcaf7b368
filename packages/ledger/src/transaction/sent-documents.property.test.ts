// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { decodeIon, hashIon } from "@ledger-loader/ion";
import { fieldOf, sequenceOf } from "@ledger-loader/partiql";
import { arbitraryStruct } from "@ledger-loader/testkit";
import fc from "fast-check";
import { dom, makeBinaryWriter } from "ion-js";
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
          expect(revision.field(name)).toEqual(fieldOf(decodeIon(data), name));
        }
      }),
    );
  });

  it("is absent where the data is", () => {
    expect(new CommittedRevision({ ...REVISION, data: undefined }, "strand").field("a")).toBeUndefined();
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
