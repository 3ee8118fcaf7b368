// SPDX-License-Identifier: MIT
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import {
  BaseRevisionWriter,
  type DeadLetter,
  type DeadLetterSink,
  type DeliveryContent,
  type Ledger,
  LedgerUnavailableError,
  type LoadReport,
  type Loader,
  type LogFields,
  type Logger,
  ParkingFailedError,
  createEvent,
  createLoader,
  decodeEvents,
  parkFailures,
  rejected,
} from "@ledger-loader/core";
import { aHistory, anEvent } from "@ledger-loader/testkit";
import { freshId } from "../../test/fresh-events";
import { aDelivery } from "../../test/letters";
import { startTestLedger, type TestLedger } from "../../test/test-ledger";

const WAIT_MS = 60_000;

let ledger: TestLedger;
let parked: DeadLetter[];
let nowMs: number;
/** The sink's treatment of letters; a test may make it fail. */
let park: DeadLetterSink["park"];
let lines: LogFields[];

beforeAll(async () => {
  ledger = await startTestLedger({ Vehicle: "oldDocumentId" });
});
afterAll(() => ledger.close());

beforeEach(() => {
  parked = [];
  lines = [];
  nowMs = 1_763_690_000_000;
  park = (letters) => {
    parked.push(...letters);
    return Promise.resolve();
  };
});

function parkingLoader(to: Ledger = ledger.connect(), waitMs = WAIT_MS): Loader {
  const log = (fields: LogFields): void => void lines.push(fields);
  const logger: Logger = { debug: log, info: log, warn: log, error: log };
  return parkFailures(createLoader({ ledger: to, writer: new BaseRevisionWriter() }), {
    sink: { park: (letters) => park(letters) },
    channel: "sqs",
    waitMs,
    logger,
    now: () => nowMs,
  });
}

const failedIds = ({ failed }: LoadReport): readonly string[] => failed.map(({ deliveryId }) => deliveryId);
const parkedIds = (): readonly string[] => parked.map(({ deliveryId }) => deliveryId);

describe("A loader that parks", () => {
  it("parks what is rejected for good at once, with its bytes, reason and place, and loads the rest", async () => {
    const good = anEvent({ id: freshId() });
    const report = await parkingLoader().load(
      [aDelivery("bad", "{op:", { sentAtMs: 5 }), aDelivery("good", [good])],
      { onFailure: "continue" },
    );
    expect(report.failed).toEqual([]);
    expect(report.deliveries.map((each) => each.parked)).toEqual([true, undefined]);
    expect(report.counts).toMatchObject({ written: 1, rejected: { "malformed-event": 1 } });
    expect(parked).toEqual([
      {
        channel: "sqs",
        origin: "events/bad",
        deliveryId: "bad",
        body: "{op:",
        reason: "malformed-event",
        detail: expect.stringContaining("Ion or JSON") as unknown as string,
        retryable: false,
        sentAtMs: 5,
        parkedAtMs: nowMs,
      },
    ]);
  });

  it("keeps what a mapped delivery was decoded to, as long as all of it could be, and unmasked", async () => {
    const [a, b] = [anEvent({ id: freshId(), version: 4 }), anEvent({ id: freshId(), version: 5 })];
    const broken = rejected("not-mapped", "Expected a mapping.");
    const contents: readonly DeliveryContent[] = [
      { events: [{ event: a }], atomic: false },
      { events: [{ event: a }, { event: b }], atomic: true },
      { events: [{ event: a }, { rejected: broken }], atomic: false },
    ];
    const loader = parkFailures(
      createLoader({
        ledger: ledger.connect(),
        writer: new BaseRevisionWriter(),
        transform: (event) =>
          createEvent({ op: event.op, table: event.table, version: event.version, id: "masked", data: {} }),
      }),
      { sink: { park: (letters) => park(letters) }, channel: "dms", waitMs: 0 },
    );
    const deliveries = contents.map((content, i) =>
      aDelivery(String(i), "bytes", { mapped: true, decode: () => content }),
    );
    await loader.load([...deliveries, aDelivery("plain", [a])], { onFailure: "continue" });
    expect(parkedIds()).toEqual(["0", "1", "2", "plain"]);
    expect(parked.map(({ events }) => events && decodeEvents(events))).toEqual([
      contents[0],
      contents[1],
      undefined,
      undefined,
    ]);
  });

  it("gives a missing predecessor time, then parks what waits for it, marked with record and version", async () => {
    const [first, second, third] = aHistory(["INSERT", "UPDATE", "UPDATE"], { id: freshId() });
    const loader = parkingLoader();
    const late = aDelivery("late", [third!]);
    expect(failedIds(await loader.load([late], { onFailure: "continue" }))).toEqual(["late"]);
    nowMs += WAIT_MS - 1;
    expect(failedIds(await loader.load([late], { onFailure: "continue" }))).toEqual(["late"]);
    expect(parked).toEqual([]);
    nowMs += 1;
    expect(failedIds(await loader.load([late], { onFailure: "continue" }))).toEqual([]);
    expect(parked).toMatchObject([
      {
        reason: "version-gap",
        retryable: true,
        waitingFor: { table: "Vehicle", id: JSON.stringify(third!.id!.value.stringValue()), version: 1 },
      },
    ]);
    const rest = [first!, second!].map((event, i) => aDelivery(String(i), [event]));
    expect(failedIds(await loader.load(rest, { onFailure: "continue" }))).toEqual([]);
  });

  it("does not park what its predecessor reaches in time", async () => {
    const [first, second] = aHistory(["INSERT", "UPDATE"], { id: freshId() });
    const loader = parkingLoader();
    await loader.load([aDelivery("2", [second!])], { onFailure: "continue" });
    nowMs += WAIT_MS * 2;
    const report = await loader.load([aDelivery("2", [second!]), aDelivery("1", [first!])], {
      onFailure: "continue",
    });
    expect({ failed: failedIds(report), parked }).toEqual({ failed: [], parked: [] });
  });

  it("counts the time from when the channel first handed the delivery out, where the channel knows", async () => {
    const [, second] = aHistory(["INSERT", "UPDATE"], { id: freshId() });
    const early = aDelivery("2", [second!], { firstReceivedAtMs: nowMs - WAIT_MS });
    expect(failedIds(await parkingLoader().load([early], { onFailure: "continue" }))).toEqual([]);
    expect(parkedIds()).toEqual(["2"]);
  });

  it("parks later revisions of a record behind a parked one without waiting again, and no other record", async () => {
    const history = aHistory(["INSERT", "UPDATE", "UPDATE", "UPDATE"], { id: freshId() });
    const other = aHistory(["INSERT", "UPDATE"], { id: freshId() });
    const loader = parkingLoader();
    await loader.load([aDelivery("0", [history[0]!]), aDelivery("1", "{op:")], { onFailure: "continue" });
    await loader.load([aDelivery("2", [history[2]!])], { onFailure: "continue" });
    nowMs += WAIT_MS;
    await loader.load([aDelivery("2", [history[2]!])], { onFailure: "continue" });
    const report = await loader.load([aDelivery("3", [history[3]!]), aDelivery("other", [other[1]!])], {
      onFailure: "continue",
    });
    expect(parkedIds()).toEqual(["1", "2", "3"]);
    expect(failedIds(report)).toEqual(["other"]);
  });

  it("waits again for a record once what was missing has come", async () => {
    const history = aHistory(["INSERT", "UPDATE", "UPDATE", "UPDATE"], { id: freshId() });
    const loader = parkingLoader(undefined, 10);
    const load = async (version: number): Promise<readonly string[]> => {
      const delivery = aDelivery(`${version}`, [history[version]!], { firstReceivedAtMs: nowMs });
      return failedIds(await loader.load([delivery], { onFailure: "continue" }));
    };
    nowMs += 10;
    parked = [];
    await loader.load([aDelivery("1", [history[1]!], { firstReceivedAtMs: 0 })], { onFailure: "continue" });
    expect(parkedIds()).toEqual(["1"]);
    expect(await load(0)).toEqual([]);
    expect(await load(3)).toEqual(["3"]);
  });

  it("hands nothing of a group back for the sake of one that is parked, but for the sake of one that waits", async () => {
    const [, gap] = aHistory(["INSERT", "UPDATE"], { id: freshId() });
    const good = [freshId(), freshId()].map((id) => anEvent({ id }));
    const report = await parkingLoader().load(
      [
        aDelivery("bad", "{op:", { group: "a" }),
        aDelivery("behind bad", [good[0]!], { group: "a" }),
        aDelivery("gap", [gap!], { group: "b" }),
        aDelivery("behind gap", [good[1]!], { group: "b" }),
      ],
      { onFailure: "block-group" },
    );
    expect(failedIds(report)).toEqual(["gap", "behind gap"]);
    expect(report.deliveries.map(({ heldBack }) => heldBack)).toEqual([false, false, false, true]);
  });

  it("parks a delivery of several events as a whole, and names the event that somebody must see to", async () => {
    const [first, , third] = aHistory(["INSERT", "UPDATE", "UPDATE"], { id: freshId() });
    const body = [third!, first!, anEvent({ id: freshId(), table: "Vehicle", op: "UPDATE" })];
    const report = await parkingLoader().load([aDelivery("mixed", body)], { onFailure: "continue" });
    expect(report.counts).toMatchObject({
      written: 1,
      rejected: { "version-gap": 1, "missing-document": 1 },
    });
    expect(parked).toMatchObject([
      { reason: "missing-document", retryable: false, body: expect.any(String) as unknown as string },
    ]);
    expect(parked[0]?.waitingFor).toBeUndefined();
    // What was applied is recognized when the letter comes again.
    const again = await parkingLoader().load([aDelivery("again", parked[0]!.body as string)], {
      onFailure: "continue",
    });
    expect(again.counts.skipped["already-applied"]).toBe(1);
  });

  it("parks a source transaction for its cause, not for the events that fell with it", async () => {
    const fine = anEvent({ id: freshId() });
    const bad = anEvent({ id: freshId(), op: "DELETE" });
    const delivery = aDelivery("transaction", [fine, bad]);
    await parkingLoader().load([{ ...delivery, decode: () => ({ ...delivery.decode(), atomic: true }) }], {
      onFailure: "continue",
    });
    expect(parked).toMatchObject([{ reason: "missing-document", retryable: false }]);
  });

  it("names the record of a letter by table and id, and never logs content", async () => {
    const [, secret] = aHistory(["INSERT", "UPDATE"], { id: "an-id", data: { name: "secret-name" } });
    const loader = parkingLoader(undefined, 0);
    await loader.load([aDelivery("1", [secret!])], { onFailure: "continue" });
    expect(parkedIds()).toEqual(["1"]);
    expect(lines).toContainEqual(
      expect.objectContaining({
        channel: "sqs",
        table: "Vehicle",
        id: "an-id",
        reason: "version-gap",
        waitingForVersion: 0,
      }),
    );
    expect(JSON.stringify(lines)).not.toContain("secret");
  });
});

describe("Nothing is lost", () => {
  it("while the sink is down: the deliveries stay failed, and are parked once it is back", async () => {
    const loader = parkingLoader();
    const works = park;
    park = () => Promise.reject(new Error("disk full"));
    const bad = aDelivery("bad", "{op:");
    expect(failedIds(await loader.load([bad], { onFailure: "continue" }))).toEqual(["bad"]);
    park = works;
    expect(failedIds(await loader.load([bad], { onFailure: "continue" }))).toEqual([]);
    expect(parkedIds()).toEqual(["bad"]);
  });

  it("when the sink takes some letters only", async () => {
    park = (letters) => Promise.reject(new ParkingFailedError(letters.slice(1), "too large"));
    const report = await parkingLoader().load([aDelivery("1", "{op:"), aDelivery("2", "{op:")], {
      onFailure: "continue",
    });
    expect(failedIds(report)).toEqual(["2"]);
    expect(report.deliveries.map((each) => each.parked)).toEqual([true, undefined]);
  });

  it("when the channel does not give a delivery's bytes", async () => {
    const { body: _, ...bare } = aDelivery("bare", "{op:");
    expect(failedIds(await parkingLoader().load([bare], { onFailure: "continue" }))).toEqual(["bare"]);
    expect(parked).toEqual([]);
  });

  it("and nothing is parked while the ledger is away", async () => {
    const gone = await startTestLedger({ Vehicle: "oldDocumentId" });
    const connection = gone.connect();
    await gone.close();
    const deliveries = [aDelivery("bad", "{op:"), aDelivery("good", [anEvent()], { firstReceivedAtMs: 0 })];
    await expect(parkingLoader(connection).load(deliveries, { onFailure: "continue" })).rejects.toThrow(
      LedgerUnavailableError,
    );
    expect(parked).toEqual([]);
  });
});
