// SPDX-License-Identifier: MIT
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import {
  buildPackage,
  startLedger,
  startSqs,
  type SqsEmulator,
  type TestLedger,
} from "@ledger-loader/testkit";
import { PackageWatch } from "../test/loaded-packages";

let folder: string;
let watch: PackageWatch;
let ledger: TestLedger;
let sqs: SqsEmulator;

beforeAll(async () => {
  buildPackage(join(__dirname, ".."));
  folder = mkdtempSync(join(tmpdir(), "cli-packages-"));
  writeFileSync(join(folder, "letters"), "");
  watch = new PackageWatch(folder);
  ledger = await startLedger({ name: "cars", tables: { Car: [] } });
  sqs = await startSqs();
});
afterAll(async () => {
  await sqs.close();
  await ledger.close();
  rmSync(folder, { recursive: true, force: true });
});

const PROGRAM = ["@ledger-loader/errors", "commander"];
const JOURNAL = ["@ledger-loader/ion", "@ledger-loader/journal", "ion-js"];
const CORE = [...PROGRAM, ...JOURNAL, "@ledger-loader/core"];
const CONTROL_PLANE = [...PROGRAM, "@aws-sdk/client-qldb"];
const DRIVER = [...CORE, "@aws-sdk/client-qldb", "@aws-sdk/client-qldb-session", "amazon-qldb-driver-nodejs"];
const MOVE = ["@ledger-loader/export", "@ledger-loader/move"];
const ENGINE = ["@ledger-loader/export", "@ledger-loader/ledger", "@ledger-loader/partiql", "libsql"];

/** Runs a command line against the server, and expects that it loads these packages and no others. */
async function expectLoaded(
  words: readonly string[],
  packages: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const loaded = await watch.run(words, { LEDGER_ENDPOINT: ledger.endpoint, ...env });
  expect(loaded).toEqual([...packages].sort());
}

describe("The program loads what it needs and nothing else:", () => {
  it.each(["--version", "--help", "help", "help ledger", "export --help"])(
    "no command for %s",
    async (line) => {
      await expectLoaded(line.split(" "), PROGRAM);
    },
  );

  it.each([
    ["ledger list", ["ledger", "list"], CONTROL_PLANE],
    ["ledger query", ["ledger", "query", "cars", "SELECT * FROM Car"], DRIVER],
    ["ledger shell", ["ledger", "shell", "cars"], DRIVER],
    ["load", ["load", "/dev/null", "--to", "ledger:cars"], [...DRIVER, ...MOVE]],
    ["redrive", ["redrive", "LETTERS", "--ledger", "cars"], [...DRIVER, ...MOVE]],
  ])("no ledger, no channel and no library for logs or metrics for %s", async (_, words, packages) => {
    const letters = join(folder, "letters");
    await expectLoaded(
      words.map((word) => (word === "LETTERS" ? letters : word)),
      packages,
    );
  });

  it("no ledger to export one from a server, and no client and no loader to verify that export", async () => {
    const output = join(folder, "export");
    const words = ["ledger", "export", "cars", "--output", output];
    await expectLoaded(words, [...CONTROL_PLANE, ...JOURNAL, "@ledger-loader/export"]);
    await expectLoaded(["export", "verify", output], [...PROGRAM, ...JOURNAL, "@ledger-loader/export"]);
  });

  it("one channel to consume from it, or to send to it", async () => {
    const { url } = await sqs.createQueue({ name: "events", fifo: false });
    const queue = `sqs:${url}`;
    const channel = ["@ledger-loader/sqs", "@aws-sdk/client-sqs"];
    const env = { AWS_ENDPOINT_URL_SQS: sqs.endpoint };
    const consume = ["consume", queue, "--ledger", "cars", "--until-idle", "1"];
    await expectLoaded(consume, [...DRIVER, ...channel, "pino"], env);
    await expectLoaded(["load", "/dev/null", "--to", queue], [...CORE, ...MOVE, ...channel], env);
  });

  it("no PostgreSQL and no client of AWS to serve a data folder", async () => {
    const words = ["ledger", "serve", "--data", join(folder, "data"), "--port", "0"];
    expect(await watch.run(words, {}, "Ctrl-C")).toEqual([...CORE, ...ENGINE, "pino"].sort());
  });
});
