// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import {
  BaseRevisionWriter,
  type DeadLetter,
  FileDeadLetterSink,
  FileLetterBox,
  LedgerUnavailableError,
  type Loader,
  type RevisionEvent,
  createLoader,
  decodeEvents,
  encodeEvent,
  encodeSourceTransaction,
  parkFailures,
} from "@ledger-loader/core";
import { redriveLetters, type RedriveOptions, type RedriveReport } from "@ledger-loader/move";
import {
  aHistory,
  anEvent,
  historiesOf,
  readHistories,
  seededRandom,
  startLedger,
  type TestLedger,
} from "@ledger-loader/testkit";
import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

let ledger: TestLedger;
let folder: string;
let path: string;

beforeEach(async () => {
  ledger = await startLedger({ tables: { Vehicle: ["oldDocumentId"] } });
  folder = await mkdtemp(join(tmpdir(), "redrive-"));
  path = join(folder, "letters.jsonl");
});
afterEach(async () => {
  await ledger.close();
  await rm(folder, { recursive: true });
});

function loaderWith(dryRun = false): Loader {
  return createLoader({ ledger: ledger.connect(), writer: new BaseRevisionWriter(), dryRun });
}

let letters = 0;
function aLetter(body: string, fields: Partial<DeadLetter> = {}): DeadLetter {
  const deliveryId = String(++letters);
  return {
    channel: "sqs",
    origin: `events/${deliveryId}`,
    deliveryId,
    body,
    reason: "version-gap",
    detail: "",
    retryable: true,
    parkedAtMs: letters,
    ...fields,
  };
}

const park = (...parked: readonly DeadLetter[]): Promise<void> => new FileDeadLetterSink(path).park(parked);
const parkEvents = (events: readonly RevisionEvent[]): Promise<void> =>
  park(...events.map((event) => aLetter(encodeEvent(event))));

function redrive(options: Partial<RedriveOptions> = {}): Promise<RedriveReport> {
  const dryRun = options.dryRun ?? false;
  return redriveLetters({ box: new FileLetterBox(path), loader: loaderWith(dryRun), dryRun, ...options });
}

async function parkedNow(): Promise<readonly DeadLetter[]> {
  const taken = await new FileLetterBox(path).take(true);
  return taken.letters.flatMap(({ letter }) => letter ?? []);
}

const histories = () => readHistories(ledger.connect(), "Vehicle");

describe("A redrive", () => {
  it("applies revisions in the order of their versions, whatever the order in which they were parked", async () => {
    const events = [
      ...aHistory(["INSERT", "UPDATE", "DELETE", "INSERT"], { id: "a" }),
      ...aHistory(["INSERT", "UPDATE"]),
    ];
    await parkEvents(events.toReversed());
    expect(await redrive()).toMatchObject({ letters: 6, applied: 6, kept: 0, written: 6, complete: true });
    expect(await histories()).toEqual(historiesOf(events));
    expect(await readFile(path, "utf8")).toBe("");
  });

  it("removes what is in the ledger already, and keeps the rest with the reason of today", async () => {
    const [first, second, third, fourth] = aHistory(["INSERT", "UPDATE", "UPDATE", "UPDATE"]);
    await loaderWith().load(
      [{ deliveryId: "0", decode: () => ({ events: [{ event: first! }], atomic: false }) }],
      {
        onFailure: "continue",
      },
    );
    await parkEvents([first!, second!]);
    await park(aLetter(encodeEvent(fourth!), { reason: "held-up", detail: "of yesterday", sentAtMs: 7 }));
    await park(aLetter("{op:", { reason: "held-up" }));
    const report = await redrive();
    expect(report).toMatchObject({ letters: 4, applied: 1, needless: 1, kept: 2, unreadable: 0, written: 1 });
    expect(await parkedNow()).toMatchObject([
      {
        reason: "version-gap",
        waitingFor: { table: "Vehicle", id: `"v1"`, version: 2 },
        sentAtMs: 7,
        retryable: true,
      },
      { reason: "malformed-event", retryable: false, body: "{op:" },
    ]);
    expect(await histories()).toEqual(historiesOf([first!, second!]));
    await parkEvents([third!]);
    expect(await redrive()).toMatchObject({ applied: 2, kept: 1 });
    expect(await histories()).toEqual(historiesOf([first!, second!, third!, fourth!]));
  });

  it("applies what a person has corrected in the file, and all that waits for it", async () => {
    const history = aHistory(["INSERT", "UPDATE", "UPDATE"]);
    const bodies = history.map(encodeEvent);
    await park(aLetter(bodies[2]!), aLetter(bodies[0]!.replace("INSERT", "INSRT")), aLetter(bodies[1]!));
    expect(await redrive()).toMatchObject({ applied: 0, kept: 3 });
    await writeFile(path, (await readFile(path, "utf8")).replace('op:\\"INSRT', 'op:\\"INSERT'));
    expect(await redrive()).toMatchObject({ applied: 3, kept: 0 });
    expect(await histories()).toEqual(historiesOf(history));
  });

  it("orders records with positions by them, and unordered ones as they were parked", async () => {
    const at = (position: number) =>
      anEvent({ op: "ANY", id: "p", position: [position], data: { position } });
    const plain = (n: number) => anEvent({ op: "ANY", id: "u", version: undefined, data: { n } });
    await parkEvents([plain(1), at(9), plain(2), at(5), plain(3)]);
    expect(await redrive()).toMatchObject({ applied: 5 });
    expect([...(await histories()).values()]).toEqual([
      ["{n:1}", "{n:2}", "{n:3}"],
      ["{position:5}", "{position:9}"],
    ]);
  });

  it("applies source transactions that need each other", async () => {
    const a = aHistory(["INSERT", "UPDATE"], { id: "a" });
    const b = aHistory(["INSERT", "UPDATE"], { id: "b" });
    await park(
      aLetter(encodeSourceTransaction([a[1]!, b[0]!])),
      aLetter(encodeSourceTransaction([b[1]!, anEvent()])),
    );
    await parkEvents([a[0]!]);
    expect(await redrive()).toMatchObject({ applied: 3, written: 5 });
    expect(await histories()).toEqual(historiesOf([...a, ...b, anEvent()]));
  });

  it("writes an event without id once, although what stands beside it fails", async () => {
    const withoutId = anEvent({ id: undefined });
    const good = anEvent();
    await park(
      aLetter(
        ["{op:}", encodeEvent(withoutId), encodeEvent(anEvent({ id: "x", op: "UPDATE", version: 1 }))]
          .slice(1)
          .join("\n"),
      ),
    );
    await parkEvents([good]);
    expect(await redrive()).toMatchObject({ applied: 1, kept: 1, written: 2 });
  });

  it("leaves what is no letter as it is", async () => {
    await park(aLetter(encodeEvent(anEvent())));
    await appendFile(path, "cut off\n");
    const report = await redrive();
    expect(report).toMatchObject({ applied: 1, unreadable: 1 });
    expect(report.redriven.at(-1)).toMatchObject({ result: "unreadable", place: "line 2" });
    expect(await readFile(path, "utf8")).toBe("cut off\n");
  });

  it("decodes letters with the decoder of their channel", async () => {
    await park(aLetter("red v1", { channel: "dms" }));
    const decode: RedriveOptions["decode"] = ({ channel, body }) =>
      channel === "dms" ? { events: [{ event: anEvent() }], atomic: false } : decodeEvents(body);
    expect(await redrive()).toMatchObject({ kept: 1 });
    expect(await redrive({ decode })).toMatchObject({ applied: 1 });
  });
});

it("leaves letters of a channel that it cannot decode as they are", async () => {
  await park(aLetter("red v1", { channel: "dms", reason: "version-gap", detail: "of yesterday" }));
  const before = await readFile(path, "utf8");
  expect(await redrive({ decode: () => undefined })).toMatchObject({ kept: 1 });
  expect(await readFile(path, "utf8")).toBe(before);
});

describe("A dry run", () => {
  it("says what a redrive would do, and changes neither ledger nor file", async () => {
    const history = aHistory(["INSERT", "UPDATE", "UPDATE", "DELETE"]);
    await parkEvents(history.toReversed());
    await park(aLetter("{op:"), aLetter(encodeEvent(anEvent({ id: "x", op: "DELETE" }))));
    const before = await readFile(path, "utf8");
    const dry = await redrive({ dryRun: true });
    expect(dry).toMatchObject({ applied: 4, kept: 2, written: 4 });
    expect(await readFile(path, "utf8")).toBe(before);
    expect(await histories()).toEqual(historiesOf([]));
    const real = await redrive();
    expect(real.redriven).toEqual(dry.redriven);
  });
});

describe("Nothing is lost", () => {
  it("when the ledger is away: all letters stay", async () => {
    await parkEvents(aHistory(["INSERT", "UPDATE"]));
    const loader = loaderWith();
    await ledger.stop();
    await expect(redrive({ loader })).rejects.toThrow(LedgerUnavailableError);
    expect(await parkedNow()).toHaveLength(2);
  });

  it("when it is stopped: what was not tried stays as it was", async () => {
    await parkEvents([anEvent()]);
    const stop = AbortSignal.abort();
    expect(await redrive({ signal: stop })).toMatchObject({ applied: 0, kept: 1, complete: false });
    expect(await parkedNow()).toMatchObject([{ reason: "version-gap" }]);
  });
});

describe("Parking and redriving together", () => {
  it.each([1, 2, 3])(
    "give the in-order result once what was bad has been corrected (seed %d)",
    async (seed) => {
      const random = seededRandom(seed);
      const all = ["a", "b", "c"].flatMap((id) =>
        aHistory(["INSERT", "UPDATE", "UPDATE", "DELETE", "INSERT"], { id }),
      );
      const bodies = all.map((event) => {
        const body = encodeEvent(event);
        return random.chance(0.2) ? body.replace(/op:"(\w)/, 'op:"X$1') : body;
      });
      const queue = bodies.map((body, i) => ({ body, i })).sort(() => random.below(3) - 1);
      const loader = parkFailures(loaderWith(), {
        sink: new FileDeadLetterSink(path),
        channel: "sqs",
        waitMs: 0,
      });
      await park();
      while (queue.length > 0) {
        const batch = queue.splice(0, 1 + random.below(4));
        const report = await loader.load(
          batch.map(({ body, i }) => ({ deliveryId: String(i), body, decode: () => decodeEvents(body) })),
          { onFailure: "continue" },
        );
        expect(report.failed).toEqual([]);
      }
      await redrive();
      await writeFile(path, (await readFile(path, "utf8")).replace(/op:\\"X/g, 'op:\\"'));
      expect(await redrive()).toMatchObject({ kept: 0 });
      expect(await histories()).toEqual(historiesOf(all));
    },
  );
});
