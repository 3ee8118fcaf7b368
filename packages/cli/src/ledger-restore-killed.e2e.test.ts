// SPDX-License-Identifier: MIT
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { LedgerStore } from "@ledger-loader/ledger";
import { buildPackage } from "@ledger-loader/testkit";
import { dom } from "ion-js";
import { runWords } from "../test/run-words";

const root = join(__dirname, "..", "..", "..");
const main = join(__dirname, "..", "dist", "main.js");
const BLOCKS = 300;
const HALF = 150;
const ROUNDS = Number(process.env["RESTORE_KILL_ROUNDS"] ?? 2);

describe("ledger restore that is killed", () => {
  let folder: string;
  let data: string;
  const manifests = { first: "", second: "" };
  let blocks: string[];

  beforeAll(async () => {
    // What is killed is the built program; after a build this does nothing.
    buildPackage(join(root, "packages", "cli"));
    folder = mkdtempSync(join(tmpdir(), "cli-restore-killed-"));
    data = join(folder, "data");
    const store = await LedgerStore.open({ dataFolder: join(folder, "source") });
    const ledger = await store.createLedger("cars");
    await ledger.transact((transaction) => transaction.execute("CREATE TABLE Car"));
    for (let n = 1; n < BLOCKS; n++) {
      await ledger.transact((transaction) =>
        transaction.execute("INSERT INTO Car << {'n': ?} >>", new dom.Integer(n)),
      );
    }
    const write = async (part: string, first: number, last: number): Promise<string> =>
      (await ledger.export({ folder: join(folder, part), format: "ion-text", first, last })).manifestPath;
    manifests.first = await write("first", 0, HALF - 1);
    manifests.second = await write("second", HALF, BLOCKS - 1);
    blocks = await read(store);
    await store.close();
  }, 120_000);
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const words = (manifest: string): string[] => [
    "ledger",
    "restore",
    "cars",
    "--from",
    manifest,
    "--data",
    data,
  ];

  async function read(store: LedgerStore): Promise<string[]> {
    const read: string[] = [];
    for await (const { ion } of (await store.open("cars")).blocks())
      read.push(Buffer.from(ion).toString("hex"));
    return read;
  }

  /** Kills the command some time after a file has appeared in the data folder. */
  async function killAfter(manifest: string, file: string): Promise<void> {
    const child = spawn(process.execPath, [main, ...words(manifest)], { stdio: "ignore" });
    const exited = once(child, "exit");
    while (child.exitCode === null && !existsSync(join(data, file))) await sleep(1);
    await sleep(Math.random() * 150);
    child.kill("SIGKILL");
    await exited;
  }

  /** The ledger's blocks, which must verify; none where there is no ledger. */
  async function inspect(): Promise<string[]> {
    const store = await LedgerStore.open({ dataFolder: data });
    try {
      if (!(await store.listLedgers()).includes("cars")) return [];
      expect(await (await store.open("cars")).verify()).toMatchObject({ verdict: "passed" });
      return await read(store);
    } finally {
      await store.close();
    }
  }

  it("leaves no ledger or the whole one, is not extended or wholly, and succeeds when it is run again", async () => {
    for (let round = 0; round < ROUNDS; round++) {
      await killAfter(manifests.first, "cars.ledger.creating");
      const found = await inspect();
      expect([[], blocks.slice(0, HALF)]).toContainEqual(found);
      expect(readdirSync(data).filter((name) => name.includes("creating"))).toEqual([]);
      if (found.length > 0 && round < ROUNDS - 1) rmSync(join(data, "cars.ledger"));
    }
    if ((await inspect()).length === 0) expect((await runWords(words(manifests.first))).exitCode).toBe(0);
    for (let round = 0; round < ROUNDS; round++) {
      await killAfter(manifests.second, "cars.ledger-wal");
      const found = await inspect();
      expect([blocks.slice(0, HALF), blocks]).toContainEqual(found);
      if (found.length > HALF) return;
    }
    expect((await runWords(words(manifests.second))).exitCode).toBe(0);
    expect(await inspect()).toEqual(blocks);
  }, 300_000);
});
