// SPDX-License-Identifier: MIT
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { decodeIon, hashIon, hashIonValue, readSingleValue } from "@ledger-loader/ion";
import { fieldOf } from "@ledger-loader/partiql";
import { arbitraryStruct } from "@ledger-loader/testkit";
import fc from "fast-check";
import { dom, makeBinaryWriter } from "ion-js";
import { openTestStore, query, type TestStore } from "../../test/open-test-store";
import { DocumentContent } from "../storage/pending-document";
import { CommittedRevision } from "./catalog-revision";
import type { StatementParameter } from "./statement-parameter";
import type { Transaction } from "./transaction";

/** A parameter as the official driver encodes it. */
function sentByDriver(value: dom.Value): StatementParameter {
  const writer = makeBinaryWriter();
  value.writeTo(writer);
  writer.close();
  const ion = readSingleValue(writer.getBytes());
  return { ion, hash: hashIon(ion) };
}

/** The hashes of the documents that a transaction sees, in the order in which it has inserted them. */
async function hashesIn(transaction: Transaction): Promise<Uint8Array[]> {
  const cursor = await transaction.execute("SELECT * FROM T", []);
  const hashes: Uint8Array[] = [];
  for (let row = await cursor.nextIon(); row !== undefined; row = await cursor.nextIon())
    hashes.push(hashIon(row));
  return hashes;
}

describe("Documents among the parameters of a statement", () => {
  let store: TestStore;
  beforeAll(async () => {
    store = await openTestStore();
    await query(store.ledger, "CREATE TABLE T");
  });
  afterAll(() => store.close());

  it("are stored as they were sent: alone, in a list, and in a field of an element", async () => {
    const someStructs = fc.array(arbitraryStruct, { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(arbitraryStruct, someStructs, arbitraryStruct, async (document, list, other) => {
        // It is never committed, so that the next run finds an empty table.
        const transaction = await store.ledger.begin();
        const run = (text: string, ...sent: readonly dom.Value[]) =>
          transaction.execute(text, sent.map(sentByDriver));
        await run("INSERT INTO T ?", document);
        await run("INSERT INTO T ?", new dom.List(list));
        await run("INSERT INTO T << ?, ? >>", other, document);
        const sent = [document, ...list, other, document].map(hashIonValue);
        expect(await hashesIn(transaction)).toEqual(sent);
        const ids = await (await run("SELECT VALUE id FROM T BY id")).all();
        const changes = ids.map((id, i) => dom.Value.from({ other, id, data: list[i % list.length] }));
        await run("FROM ? AS p, T AS t BY id WHERE id = p.id SET t = p.data", new dom.List(changes));
        expect(await hashesIn(transaction)).toEqual(ids.map((_, i) => hashIonValue(list[i % list.length]!)));
      }),
      { numRuns: 30 },
    );
  });

  it("are not what a statement makes of them", async () => {
    const { ledger } = store;
    await query(ledger, "INSERT INTO T ?", "{a: 1, b: {c: 1}}");
    await query(ledger, "UPDATE T AS t SET t = ?, t.b.c = 2, t.d = 3", "{a: 5, b: {c: 1}}");
    expect(await query(ledger, "SELECT * FROM T")).toEqual(["{a:5,b:{c:2},d:3}"]);
    await query(ledger, "UPDATE T AS t SET t.b = ?", "{e: {}}");
    expect(await query(ledger, "SELECT * FROM T")).toEqual(["{a:5,b:{e:{}},d:3}"]);
    await query(ledger, "UPDATE T AS t SET t.a = t.b, t.f = t");
    expect(await query(ledger, "SELECT * FROM T")).toEqual(["{a:{e:{}},b:{e:{}},d:3,f:{a:5,b:{e:{}},d:3}}"]);
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
