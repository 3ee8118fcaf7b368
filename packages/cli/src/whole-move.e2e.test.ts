// SPDX-License-Identifier: MIT
import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { buildPackage, seededRandom, startSqs, type SqsEmulator } from "@ledger-loader/testkit";
import { startGate, startGateBefore } from "../test/gate";
import { interrupt } from "../test/interrupt";
import { runWords, serve, type ServedLedgers } from "../test/run-words";

const root = join(__dirname, "..", "..", "..");
const main = join(__dirname, "..", "dist", "main.js");
/** Another history of the same form may be named. */
const HISTORY =
  process.env["MOVE_HISTORY"] ?? join(root, "docs", "examples", "data", "product-releases.jsonl.gz");
const TRANSACTIONS = process.env["SIM_FULL"] === undefined ? 250 : Infinity;
// With the whole history, on a machine that does other things too.
if (TRANSACTIONS === Infinity) jest.setTimeout(3_600_000);
const SEED = Number(process.env["MOVE_SEED"] ?? randomInt(1_000_000));
const random = seededRandom(SEED);

/** The events of the real history, each as a line of JSON. */
function readEvents(): readonly string[] {
  const lines = gunzipSync(readFileSync(HISTORY)).toString("utf8").trimEnd().split("\n");
  return lines
    .slice(0, TRANSACTIONS)
    .flatMap((line) => (JSON.parse(line) as { readonly events: readonly object[] }).events)
    .map((event) => JSON.stringify(event));
}

describe(`A real history moves whole, killed at random points (MOVE_SEED=${SEED}):`, () => {
  const events = readEvents();
  let folder: string;
  let server: ServedLedgers;
  let sqs: SqsEmulator;
  let exported: string;
  let digestFile: string;
  let digest: { readonly Digest: string };
  const at = (name: string): string => join(folder, name);

  beforeAll(async () => {
    buildPackage(join(root, "packages", "cli"));
    folder = mkdtempSync(join(tmpdir(), "cli-move-"));
    [exported, digestFile] = [at("export"), at("digest.json")];
    [server, sqs] = await Promise.all([serve(at("data")), startSqs()]);
    await run(["ledger", "create", "products"]);
    const words = ["load", "-", "--to", "ledger:products", "--id-field", "releaseId"];
    expect(await run(words, events.join("\n"))).toMatchObject({ exitCode: 0, written: events.length });
    await run(["ledger", "export", "products", "--output", exported]);
    const { stdout } = await runWords(["ledger", "digest", "products", "--json"], { env: environment() });
    writeFileSync(digestFile, stdout);
    digest = JSON.parse(stdout) as typeof digest;
  });
  afterAll(async () => {
    await Promise.all([sqs.close(), server.stop()]);
    rmSync(folder, { recursive: true, force: true });
  });

  const environment = (more: Readonly<Record<string, string>> = {}) => ({
    ...server.env,
    AWS_ENDPOINT_URL_SQS: sqs.endpoint,
    ...more,
  });

  async function run(words: readonly string[], stdin?: string): Promise<Record<string, unknown>> {
    const result = await runWords([...words, "--json"], { env: environment(), stdin });
    return { exitCode: result.exitCode, ...result.json() };
  }

  /** The result of verifying the whole journal against the digest that the old ledger gave. */
  const verified = (): object => ({
    verdict: "passed",
    assurance: "anchored",
    digest: { hash: digest.Digest },
    tables: expect.arrayContaining([
      expect.objectContaining({ tableName: "Product", revisions: events.length }),
    ]),
  });

  /** Checks a certificate, which must hold in all parts, and returns it. */
  async function certified(file: string, ...more: readonly string[]): Promise<Record<string, unknown>> {
    const words = ["certificate", "verify", file, "--export", exported, ...more];
    const { checks, certificate, ...result } = await run(words);
    expect(result).toMatchObject({ exitCode: 0, holds: true, verdict: "passed" });
    expect((checks as readonly { status: string }[]).filter(({ status }) => status !== "verified")).toEqual(
      [],
    );
    return certificate as Record<string, unknown>;
  }

  /** Kills the command some time after it has begun to make the ledger; true if the ledger was complete by then. */
  async function restoreKilled(words: readonly string[], data: string): Promise<boolean> {
    const child = spawn(process.execPath, [main, ...words], { stdio: "ignore" });
    const exited = once(child, "exit");
    while (child.exitCode === null && !existsSync(join(data, "products.ledger.creating"))) await sleep(1);
    await sleep(random.below(300));
    child.kill("SIGKILL");
    await exited;
    return existsSync(join(data, "products.ledger"));
  }

  it("into a restored ledger, with its digest and a certificate", async () => {
    const data = at("restored");
    const restore = [
      "ledger",
      "restore",
      "products",
      "--from",
      exported,
      "--digest",
      digestFile,
      "--data",
      data,
    ];
    if (!(await restoreKilled(restore, data))) {
      expect(await run(restore)).toMatchObject({ exitCode: 0, verdict: "passed", assurance: "anchored" });
    }
    const verify = ["ledger", "verify", "products", "--digest", digestFile, "--data", data];
    expect(await run(verify)).toMatchObject(verified());
    const certify = ["export", "verify", exported, "--digest", digestFile, "--report", at("export.html")];
    expect(await run(certify)).toMatchObject(verified());
    const certificate = await certified(at("export.html"), "--ledger", "products", "--data", data);
    expect(certificate["verification"]).toMatchObject(verified());
  });

  it("through a queue into another ledger, with a certificate", async () => {
    const { url } = await sqs.createQueue({ name: "moved", fifo: true });
    await replayTwice(url);
    await consumeTwice(url);
    const certify = ["--digest", digestFile, "--report", at("moved.html")];
    const counts = { exported: events.length, ledger: events.length, equal: events.length };
    const reconciled = await run(["reconcile", exported, "--ledger", "moved", ...certify]);
    expect(reconciled).toMatchObject({ exitCode: 0, equal: true, revisions: counts });
    expect(await certified(at("moved.html"), "--ledger", "moved")).toMatchObject({
      verification: verified(),
      comparison: { ledgerName: "moved", report: { equal: true, revisions: counts, differencesTotal: 0 } },
    });
  });

  async function replayTwice(url: string): Promise<void> {
    const words = ["export", "replay", exported, "--to", `sqs:${url}`, "--checkpoint", at("checkpoint")];
    // A request sends up to 10 events.
    const requestsMax = 1 + random.below(events.length / 20);
    let requests = 0;
    const gate = await startGateBefore(sqs.endpoint, () => ++requests > requestsMax);
    const env = environment({ AWS_ENDPOINT_URL_SQS: gate.endpoint });
    await interrupt(words, env, "SIGKILL", () => gate.shut);
    await gate.close();
    expect(await run(words)).toMatchObject({ exitCode: 0, complete: true, rejectedTotal: 0 });
  }

  async function consumeTwice(url: string): Promise<void> {
    await run(["ledger", "create", "moved"]);
    const words = ["consume", `sqs:${url}`, "--ledger", "moved"];
    const commits = await startGate(server.endpoint, 1 + random.below(5));
    const queue = await startGateBefore(sqs.endpoint, () => false, undefined, withShortTimeout);
    const env = environment({ LEDGER_ENDPOINT: commits.endpoint, AWS_ENDPOINT_URL_SQS: queue.endpoint });
    await interrupt(words, env, "SIGKILL", () => commits.shut);
    await Promise.all([commits.close(), queue.close()]);
    // Messages of the killed worker come back later than the queue has been empty for a second: they are waited for.
    expect(await run([...words, "--until-idle", "1"])).toMatchObject({
      exitCode: 0,
      rejected: {},
      parked: 0,
    });
  }
});

/** A killed worker's messages come back after a minute; in this test, after some seconds. */
function withShortTimeout(body: Buffer): Buffer {
  return Buffer.from(body.toString("utf8").replace('"VisibilityTimeout":60', '"VisibilityTimeout":5'));
}
