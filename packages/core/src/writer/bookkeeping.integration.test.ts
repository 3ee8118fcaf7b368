// SPDX-License-Identifier: MIT
import { expect, it } from "@jest/globals";
import { BaseRevisionWriter, BookkeepingFormatError, createEvent, createLoader } from "@ledger-loader/core";
import fc from "fast-check";
import { dom } from "ion-js";
import { loadEvents } from "../../test/load-events";
import { startTestLedger } from "../../test/test-ledger";
import { decodeBookkeeping, encodeBookkeeping, type Bookkeeping } from "./bookkeeping";

it("Bookkeeping is read as it was written, positions of any size included", () => {
  const version = fc.nat();
  const arbitrary: fc.Arbitrary<Bookkeeping> = fc.record(
    {
      lives: fc.array(
        fc.record(
          { firstVersion: version, documentId: fc.string() },
          { requiredKeys: ["firstVersion"], noNullPrototype: true },
        ),
      ),
      firstVersion: version,
      deletedVersion: version,
      position: fc.array(fc.bigInt(), { minLength: 1 }),
    },
    { requiredKeys: ["lives"], noNullPrototype: true },
  );
  fc.assert(
    fc.property(arbitrary, (bookkeeping) => {
      expect(decodeBookkeeping(encodeBookkeeping("key", bookkeeping))).toEqual(bookkeeping);
    }),
  );
});

it("Bookkeeping of a newer loader stops the older one instead of being guessed at", async () => {
  const ledger = await startTestLedger();
  try {
    const loader = createLoader({ ledger: ledger.connect(), writer: new BaseRevisionWriter() });
    const insert = createEvent({ op: "INSERT", table: "T", id: "a", version: 0, data: {} });
    await loadEvents(loader, [insert, createEvent({ op: "DELETE", table: "T", id: "a", version: 1 })]);
    await ledger.run("UPDATE LedgerLoaderBookkeeping SET formatVersion = ?", dom.Value.from(2));
    await expect(loadEvents(loader, [insert])).rejects.toThrow(BookkeepingFormatError);
  } finally {
    await ledger.close();
  }
});
