// SPDX-License-Identifier: MIT
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import {
  BaseRevisionWriter,
  type CommittedRevision,
  type DocumentChange,
  type EventFields,
  type Ledger,
  type Refusal,
  type RevisionEvent,
  RevisionWriter,
  TableMapperRevisionWriter,
  type Transaction,
  WriterContractError,
  createEvent,
  createLoader,
} from "@ledger-loader/core";
import { describeRevisionWriter, openMemoryLedger, startLedger } from "@ledger-loader/testkit";
import { dom } from "ion-js";
import { counting } from "../../test/counting-ledger";
import { CountingWriter } from "../../test/counting-writer";
import { loadEvents, toDeliveries } from "../../test/load-events";
import { startTestLedger, type TestLedger } from "../../test/test-ledger";

/** Over the driver and HTTP, for one of the writers; the others differ in nothing that these could change. */
async function openLedgerOverDriver(): Promise<Ledger> {
  const ledger = await startLedger();
  const connection = ledger.connect();
  return { transact: (work) => connection.transact(work), close: () => ledger.close() };
}

async function openLedger(): Promise<Ledger> {
  const ledger = await openMemoryLedger();
  const connection = ledger.connect();
  return { transact: (work) => connection.transact(work), close: () => ledger.close() };
}

/** Reads and writes by itself, in other statements than the base class. */
class OwnStatementsWriter extends BaseRevisionWriter {
  protected override async readCurrentRevision(
    transaction: Transaction,
    event: RevisionEvent,
  ): Promise<CommittedRevision | undefined> {
    const [row] = await transaction.execute(
      "SELECT metadata, data FROM _ql_committed_Own WHERE data.oldDocumentId = ?",
      event.id!.value,
    );
    if (row === undefined) return undefined;
    return {
      documentId: row.get("metadata", "id")?.stringValue() ?? "",
      version: row.get("metadata", "version")?.numberValue() ?? 0,
      data: row.get("data") as dom.Struct,
    };
  }

  protected override async writeDocument(transaction: Transaction, change: DocumentChange): Promise<void> {
    if (change.kind === "create") await transaction.execute("INSERT INTO Own VALUE ?", change.document);
    else await super.writeDocument(transaction, change);
  }
}

const document = (_id: string, n: number): Readonly<Record<string, unknown>> => ({ color: `color ${n}` });

describeRevisionWriter("BaseRevisionWriter", {
  makeWriter: () => new BaseRevisionWriter(),
  openLedger: openLedgerOverDriver,
  table: "Vehicle",
  document,
});

describeRevisionWriter("TableMapperRevisionWriter", {
  makeWriter: () => new TableMapperRevisionWriter({ Vehicle: "VIN" }),
  openLedger,
  table: "Vehicle",
  document: (id, n) => ({ VIN: id, color: `color ${n}` }),
});

describeRevisionWriter("A writer that builds each revision upon the one before", {
  makeWriter: () => new CountingWriter(),
  openLedger,
  table: "Vehicle",
  document,
});

describeRevisionWriter("A writer that reads and writes by itself", {
  makeWriter: () => new OwnStatementsWriter(),
  openLedger,
  table: "Own",
  document,
});

describe("A RevisionWriter's hooks", () => {
  let ledger: TestLedger;
  let records = 0;
  beforeAll(async () => {
    ledger = await startTestLedger({ T: "oldDocumentId", Own: "oldDocumentId" });
  });
  afterAll(() => ledger.close());

  const freshEvents = (n: number, fields: Partial<EventFields> = {}): readonly RevisionEvent[] =>
    Array.from({ length: n }, () =>
      createEvent({ op: "INSERT", table: "T", id: `r${++records}`, version: 0, data: { n: 1 }, ...fields }),
    );
  const load = (writer: RevisionWriter, events: readonly RevisionEvent[]): Promise<readonly string[]> =>
    loadEvents(createLoader({ ledger: ledger.connect(), writer }), events);
  const detailsOf = async (
    writer: RevisionWriter,
    events: readonly RevisionEvent[],
  ): Promise<readonly (string | undefined)[]> => {
    const loader = createLoader({ ledger: ledger.connect(), writer });
    const report = await loader.load(toDeliveries(events), { onFailure: "continue" });
    return report.deliveries.map(({ events: [only] }) =>
      only?.outcome.status === "rejected" ? only.outcome.detail : undefined,
    );
  };

  it("can refuse an event before and after it is judged, and no other is affected", async () => {
    const [first, second, third] = freshEvents(3) as [RevisionEvent, RevisionEvent, RevisionEvent];
    class Refusing extends BaseRevisionWriter {
      protected override preValidate(event: RevisionEvent): Refusal | undefined {
        return event.id?.key === first.id?.key ? { detail: "Expected another record." } : undefined;
      }
      protected override validate(event: RevisionEvent): Refusal | undefined {
        return event.id?.key === second.id?.key
          ? { detail: "Expected another time.", retryable: true }
          : undefined;
      }
    }
    expect(await load(new Refusing(), [first, second, third])).toEqual([
      "rejected refused-by-writer",
      "rejected refused-by-writer",
      "written",
    ]);
  });

  it("cannot skip the guarantee by accepting more: a gap stays a gap", async () => {
    class Accepting extends BaseRevisionWriter {
      protected override validate(): Refusal | undefined {
        return undefined;
      }
    }
    const gap = freshEvents(1, { version: 3, op: "UPDATE" });
    expect(await load(new Accepting(), gap)).toEqual(["rejected version-gap"]);
  });

  it.each(["idField", "preValidate", "validate", "adjustRevision"] as const)(
    "reject the one event for which %s throws, without repeating what the error says",
    async (hook) => {
      const [bad, good] = freshEvents(2);
      class Throwing extends BaseRevisionWriter {
        constructor() {
          super();
          const inherited = (this[hook] as (...given: readonly unknown[]) => unknown).bind(this);
          Object.assign(this, {
            [hook]: (...given: readonly unknown[]) => {
              if (given.includes(bad) || given[0] === "Own")
                throw new TypeError("the content of the document");
              return inherited(...given);
            },
          });
        }
      }
      const loader = createLoader({ ledger: ledger.connect(), writer: new Throwing() });
      const events = hook === "idField" ? [...freshEvents(1, { table: "Own" }), good!] : [bad!, good!];
      const report = await loader.load(
        events.map((event, i) => ({
          deliveryId: `${i}`,
          decode: () => ({ events: [{ event }], atomic: false }),
        })),
        { onFailure: "continue" },
      );
      const [first, second] = report.deliveries.map(({ events: [only] }) => only?.outcome);
      expect(first).toMatchObject({
        reason: "writer-contract",
        detail: expect.stringContaining(`TypeError in ${hook}`),
      });
      expect(JSON.stringify(first)).not.toContain("content of the document");
      expect(second).toEqual({ status: "written" });
    },
  );

  it("cannot change the event: it is frozen, and the attempt rejects it", async () => {
    class Changing extends BaseRevisionWriter {
      protected override adjustRevision(data: dom.Struct): dom.Struct {
        data.deleteField("n");
        return data;
      }
    }
    expect(await detailsOf(new Changing(), freshEvents(1))).toEqual([
      expect.stringMatching(
        /^Expected the RevisionWriter to leave the event as it is, .* change it in adjustRevision \(revision-writer\.integration\.test\.ts:\d+\)\. Correct/,
      ),
    ]);
    expect(await ledger.documents("T")).not.toContain("{}");
  });

  it.each([
    [undefined, "nothing"],
    [Promise.resolve(new dom.Struct([])), "a promise: this hook is not asynchronous"],
    [dom.Value.from(1), "something else"],
    [
      { getType: () => ({ name: "struct" }) },
      "a value of another copy of ion-js: import dom from @ledger-loader/core",
    ],
  ])("cannot store what is no struct: %p is %s", async (returned, found) => {
    class Wrong extends BaseRevisionWriter {
      protected override adjustRevision(): dom.Struct {
        return returned as unknown as dom.Struct;
      }
    }
    expect(await detailsOf(new Wrong(), freshEvents(1))).toEqual([
      `Expected the RevisionWriter to return a struct from adjustRevision, but it returned ${found}. Correct the writer.`,
    ]);
  });

  it("that depend on more than their arguments are named where a redelivery is not recognized", async () => {
    let calls = 0;
    class Counting extends BaseRevisionWriter {
      protected override adjustRevision(data: dom.Struct): dom.Struct {
        return new dom.Struct([...data.fields(), ["calls", dom.Value.from(++calls)]]);
      }
    }
    const [event] = freshEvents(1) as [RevisionEvent];
    const writer = new Counting();
    expect(await load(writer, [event])).toEqual(["written"]);
    expect(await detailsOf(writer, [event])).toEqual([
      expect.stringMatching(
        /^Expected version 0 .* adjustRevision was compared too: it must return equal documents/,
      ),
    ]);
    // A writer that leaves documents alone is not to blame.
    const changed = createEvent({ op: "INSERT", table: "T", id: "r1", version: 0, data: { n: 2 } });
    expect(await detailsOf(new BaseRevisionWriter(), [changed])).toEqual([
      expect.not.stringContaining("adjustRevision"),
    ]);
  });

  it("that write nothing are found out by the find after the write", async () => {
    class Forgetful extends BaseRevisionWriter {
      protected override async writeDocument(): Promise<void> {
        await Promise.resolve();
      }
    }
    expect(await load(new Forgetful(), freshEvents(2))).toEqual([
      "rejected writer-contract",
      "rejected writer-contract",
    ]);
  });

  it("that read or write by themselves get one event per transaction", async () => {
    const { outer, counts } = counting(ledger.connect());
    const loader = createLoader({ ledger: outer, writer: new OwnStatementsWriter() });
    const events = freshEvents(5, { table: "Own" });
    expect(await loadEvents(loader, events)).toEqual(events.map(() => "written"));
    // One look at the tables besides.
    expect(counts.transactions).toBe(6);
  });

  it("do not include write: a loader refuses a writer that overrides it", () => {
    class Overriding extends BaseRevisionWriter {
      override write = () => Promise.resolve([]);
    }
    expect(() => createLoader({ ledger: ledger.connect(), writer: new Overriding() })).toThrow(
      WriterContractError,
    );
  });

  it("map tables to fields, and reject events of tables that are not mapped", async () => {
    const writer = new TableMapperRevisionWriter({ Vehicle: "VIN" });
    expect(await load(writer, freshEvents(1))).toEqual(["rejected no-id-field"]);
    const withDefault = new TableMapperRevisionWriter({ Vehicle: "VIN", "*": "oldDocumentId" });
    expect(await load(withDefault, freshEvents(1))).toEqual(["written"]);
  });
});
