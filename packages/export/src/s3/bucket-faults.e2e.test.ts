// SPDX-License-Identifier: MIT
import { createHash, randomInt } from "node:crypto";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from "@jest/globals";
import {
  type VerificationReport,
  ManifestError,
  ObjectUnreadableError,
  openExport,
  verifyExport,
} from "@ledger-loader/export";
import { describeWhen, peerAvailability, startMoto, type MotoServer } from "@ledger-loader/testkit";
import { startBucketGate, type BucketGate, type Fate } from "../../test/bucket-gate";
import { buildJournal, digestOf, STRAND } from "../../test/sample-journal";
import { writeJournal } from "../../test/written-journal";

/** Each block is in an object of its own. */
const OBJECTS = process.env["SIM_FULL"] === undefined ? 300 : 10_000;
const PAGE = OBJECTS / 4;
// One test reads all objects.
jest.setTimeout(300_000 + OBJECTS * 300);
const SEED = Number(process.env["BUCKET_SEED"] ?? randomInt(1_000_000));
const TRIES = 5;
/** Parts of objects that are asked for at the same time, of 4 MiB at most. */
const PARTS_AHEAD = 8;
const MEGABYTE = 1024 * 1024;
const UPLOADS_AT_ONCE = 8;
const Bucket = "exports";

const blocks = buildJournal({
  first: 0,
  sealed: false,
  blocks: Array.from({ length: OBJECTS }, (_, n) => [{ document: n, kind: "data", text: `{n:${n}}` }]),
});
const digest = { hash: digestOf(blocks), tipAddress: { strandId: STRAND, sequenceNo: OBJECTS - 1 } };
const nameOf = (n: number): string => `${STRAND}.${n}-${n}.ion`;

/** The blocks' times repeat after a minute, of which verification warns. */
function withoutWarnings(report: VerificationReport | undefined): VerificationReport["findings"] {
  return report?.findings.filter(({ severity }) => severity !== "warning") ?? [];
}

/** How often each fate falls, of 1; every other request passes. Stalls are rare: each takes its time. */
const RARELY: readonly (readonly [Fate, number])[] = [
  ["slow-down", 0.015],
  ["reset", 0.015],
  ["truncate", 0.015],
  ["shorten", 0.015],
  ["stall", 0.001],
  ["stall-in-body", 0.001],
];
const OFTEN = RARELY.slice(0, 4).map(([fate]) => [fate, 0.17] as const);

/** The error's text for a request that ends so each time. */
const REASONS = {
  "slow-down": "status 503 \\(SlowDown\\)",
  reset: "a connection that was closed without an answer",
  truncate: "a connection that broke off \\(ECONNRESET\\)",
  shorten: "\\d+ bytes instead of \\d+ from byte 0 on",
  stall: "no answer for 1 s",
  "stall-in-body": "no answer for 1 s",
};

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

function measureMemory(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Draws the fate of a request from the seed; the order in which requests arrive does not matter. */
function draw(rates: typeof RARELY, path: string, count: number): Fate {
  const drawn = createHash("sha256").update(`${SEED} ${path} ${count}`).digest().readUInt32BE() / 2 ** 32;
  let sum = 0;
  return rates.find(([, rate]) => drawn < (sum += rate))?.[0] ?? "pass";
}

describeWhen(peerAvailability("moto"), describe)(`an export of ${OBJECTS} objects, seed ${SEED}`, () => {
  let moto: MotoServer;
  let gate: BucketGate;
  let client: S3Client;
  let folder: string;
  let keys: string[];
  /** The paths of requests of which as many failed as are tried. */
  const doomed = new Set<string>();

  beforeAll(async () => {
    moto = await startMoto();
    gate = await startBucketGate(moto.endpoint);
    gate.pageMax = PAGE;
    const config = { ...moto.clientConfig, endpoint: gate.endpoint, forcePathStyle: true, maxAttempts: 1 };
    client = new S3Client(config);
    folder = await mkdtemp(join(tmpdir(), "bucket-faults-"));
    await writeJournal(folder, blocks, { maxObjectBytes: 1, exportId: "E".repeat(22) });
    await client.send(new CreateBucketCommand({ Bucket }));
    keys = (await readdir(folder, { recursive: true })).filter((name) => /\.(ion|manifest)$/.test(name));
    const waiting = [...keys];
    await Promise.all(Array.from({ length: UPLOADS_AT_ONCE }, () => uploadAll(waiting)));
  });
  afterAll(async () => {
    client.destroy();
    await gate.close();
    await moto.close();
    await rm(folder, { recursive: true });
  });
  beforeEach(() => {
    gate.fate = () => "pass";
  });

  async function uploadAll(waiting: string[]): Promise<void> {
    for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) await upload(key);
  }
  const upload = async (Key: string): Promise<unknown> => put(Key, await readFile(join(folder, Key)));
  const put = (Key: string, Body: Uint8Array): Promise<unknown> =>
    client.send(new PutObjectCommand({ Bucket, Key, Body }));
  const keyOf = (n: number): string => keys.find((key) => key.endsWith(nameOf(n))) ?? "";
  const open = (answerLimitMs = 5_000) => openExport([`s3://${Bucket}`], { s3Client: client, answerLimitMs });

  function disturb(rates: typeof RARELY): void {
    const faults = new Map<string, number>();
    gate.fate = (count, path) => {
      const drawn = draw(rates, path, count);
      // Nothing tells that a manifest was shortened but that it is none then, which ends the verification with an error.
      const fate = drawn === "shorten" && rates === RARELY && path.includes(".manifest") ? "pass" : drawn;
      if (fate !== "pass") faults.set(path, (faults.get(path) ?? 0) + 1);
      if (faults.get(path) === TRIES) doomed.add(decodeURIComponent(path));
      return fate;
    };
  }

  /** The report, or the error, which must be about a request that failed so often. */
  async function reportOrError(
    verify: () => Promise<VerificationReport>,
  ): Promise<VerificationReport | undefined> {
    try {
      return await verify();
    } catch (error) {
      // Nothing but its content tells that a manifest ends early: it is then no manifest.
      if (error instanceof ManifestError) {
        expect(error.manifest).toMatch(/^s3:.*\.manifest$/);
        return undefined;
      }
      expect(error).toBeInstanceOf(ObjectUnreadableError);
      const { location, message } = error as ObjectUnreadableError;
      expect(message).toContain(location);
      expect(message).toMatch(
        /found (status 503|a connection|no answer|\d+ bytes instead|\S*Error).* after 5 tries/,
      );
      const key = location.slice(`s3://${Bucket}/`.length);
      expect([...doomed].filter((path) => path.includes(key))).not.toEqual([]);
      return undefined;
    }
  }

  it("passes though requests fail now and then, in little memory", async () => {
    disturb(RARELY);
    const alive: number[] = [];
    const { fate } = gate;
    gate.fate = (count, path) => {
      if (requests++ % (OBJECTS / 20) === 0) alive.push(measureMemory());
      return fate(count, path);
    };
    let requests = 0;
    const report = await reportOrError(async () => verifyExport(await open(), { digest }));
    if (report === undefined) return;
    expect(alive.length).toBeGreaterThan(5);
    // The listing and the report name each object, and so does the gate.
    expect(Math.max(...alive) - alive[0]!).toBeLessThan(8 * MEGABYTE + OBJECTS * 3 * 1024);
    expect(gate.readsAtOnceMax).toBeLessThanOrEqual(PARTS_AHEAD);
    expect(report).toMatchObject({ verdict: "passed", assurance: "anchored", blocks: OBJECTS });
    expect(withoutWarnings(report)).toEqual([]);
  });

  it("gets an error or the right verdict where requests fail often", async () => {
    disturb(OFTEN);
    for (let first = 0; first < 40; first += 10) {
      const verify = async () => verifyExport((await open()).within({ first, last: first + 9 }));
      const report = await reportOrError(verify);
      if (report !== undefined) expect(report).toMatchObject({ verdict: "passed", blocks: 10, findings: [] });
    }
    expect(doomed.size).toBeGreaterThan(0);
  });

  it("fails for what is altered or removed, and for nothing else", async () => {
    const [altered, removed] = [keyOf(OBJECTS - 100), keyOf(OBJECTS - 50)];
    const text = await readFile(join(folder, altered), "latin1");
    await put(altered, Buffer.from(text.replace(`n:${OBJECTS - 100}`, `n:${OBJECTS - 101}`), "latin1"));
    await client.send(new DeleteObjectCommand({ Bucket, Key: removed }));
    disturb(RARELY);
    const source = async () => (await open()).within({ first: OBJECTS - 200, last: OBJECTS - 1 });
    const report = await reportOrError(async () => verifyExport(await source()));
    await Promise.all([altered, removed].map(upload));
    if (report === undefined) return;
    expect(report.verdict).toBe("failed");
    const found = new Set(withoutWarnings(report).map(({ key }) => key));
    expect(found).toEqual(new Set([altered, removed]));
  });

  it("gets an error that names the object and the reason where no try succeeds", async () => {
    const fates = Object.keys(REASONS) as (keyof typeof REASONS)[];
    const fateOf = (path: string) => fates.find((_, n) => path.includes(`/${nameOf(10 * n + 5)}`));
    gate.fate = (_count, path) => fateOf(path) ?? "pass";
    const source = await open(1_000);
    const found = await Promise.all(
      fates.map(async (_, n) => {
        return verifyExport(source.within({ first: 10 * n, last: 10 * n + 9 })).then(
          ({ verdict }) => verdict,
          (error: unknown) => {
            const { code, retryable, message } = error as ObjectUnreadableError;
            return { code, retryable, message };
          },
        );
      }),
    );
    expect(found).toEqual(
      fates.map((fate, n) => ({
        code: "EXPORT_UNREADABLE",
        retryable: true,
        message: expect.stringMatching(
          `^Expected to read s3://${Bucket}/${keyOf(10 * n + 5)}, found ${REASONS[fate]}, after 5 tries: `,
        ),
      })),
    );
  });

  it.each<Fate>(["shorten", "stall"])(
    "takes no object for a missing one where a page of the listing fails: %s",
    async (fate) => {
      gate.fate = (_count, path) => (path.includes("continuation-token") ? fate : "pass");
      const verify = async () => verifyExport(await open(1_000), { digest });
      await expect(verify()).rejects.toMatchObject({ code: "EXPORT_UNREADABLE", retryable: true });
    },
  );
});
