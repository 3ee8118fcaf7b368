// SPDX-License-Identifier: MIT
import { copyFileSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import {
  describeWhen,
  PackedPackages,
  readHistories,
  receiveAll,
  registryReadiness,
  runProgram,
  startLedger,
  startSqs,
  type SqsEmulator,
  type TestLedger,
} from "@ledger-loader/testkit";
import { runWords } from "../test/run-words";

const ROOT = join(__dirname, "..", "..", "..");
const PROGRAMS = join(__dirname, "..", "test", "fixtures", "installed");
/** The lowest release of the AWS SDK that pnpm-workspace.yaml calls supported. */
const [, LOWEST_SDK = ""] =
  /"@aws-sdk\/client-sqs": \^([\d.]+)/.exec(readFileSync(join(ROOT, "pnpm-workspace.yaml"), "utf8")) ?? [];
const INSTALLED_BYTES_MAX = 60_000_000;

let packed: PackedPackages;

function bytesOf(path: string): number {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

describeWhen(registryReadiness(), describe)("The packages as a registry would get them", () => {
  let ledger: TestLedger;
  beforeAll(async () => {
    packed = await PackedPackages.pack(ROOT);
    ledger = await startLedger({ name: "products", tables: { Product: ["oldDocumentId"] } });
  });
  afterAll(async () => {
    await ledger.close();
    packed.remove();
  });

  describe("The command line, installed into an empty folder:", () => {
    let project: string;
    beforeAll(async () => {
      project = await packed.install("line", ["cli"]);
    });

    it("npx runs it, and it verifies an export against its digest", async () => {
      expect((await runProgram(project, "npx", ["ledger-loader", "--version"])).stdout).toMatch(
        /^\d+\.\d+\.\d+\n$/,
      );
      const env = { LEDGER_ENDPOINT: ledger.endpoint };
      await runWords(["ledger", "export", "products", "--output", join(project, "export")], { env });
      const digest = await runWords(["ledger", "digest", "products", "--json"], { env });
      writeFileSync(join(project, "digest.json"), digest.stdout);
      const verify = ["ledger-loader", "export", "verify", "export", "--digest", "digest.json"];
      const { exitCode, stdout } = await runProgram(project, "npx", verify);
      expect([exitCode, stdout]).toEqual([0, expect.stringContaining("passed, anchored")]);
    });

    it("it takes less than 60 MB", () => {
      const bytes = bytesOf(join(project, "node_modules"));
      expect(bytes).toBeGreaterThan(10_000_000);
      expect(bytes).toBeLessThan(INSTALLED_BYTES_MAX);
    });

    it("it names the package of a channel that is not installed, and how to install it", async () => {
      const env = { LEDGER_ENDPOINT: ledger.endpoint };
      const words = ["ledger-loader", "consume", "sqs:http://127.0.0.1:1/1/q", "--ledger", "products"];
      const { exitCode, stderr } = await runProgram(project, "npx", words, env);
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining("PACKAGE_MISSING")]);
      expect(stderr.replace(/\s+/g, " ")).toMatch(/npm install @(?:ledger-loader|aws-sdk)\/(?:client-)?sqs /);
    });
  });

  describe(`A project with release ${LOWEST_SDK} of the AWS SDK:`, () => {
    let project: string;
    let sqs: SqsEmulator;
    beforeAll(async () => {
      sqs = await startSqs();
      const others = [`@aws-sdk/client-sqs@${LOWEST_SDK}`, "@types/node@20", "@types/aws-lambda@8"];
      project = await packed.install("program", ["core", "sqs"], others);
      for (const name of readdirSync(PROGRAMS)) {
        // Without the ending that keeps a fixture out of this repository's own checks.
        copyFileSync(join(PROGRAMS, name), join(project, name.replace(/\.txt$/, "")));
      }
      copyFileSync(
        join(ROOT, "docs/examples/my-writer/src/price-writer.ts"),
        join(project, "price-writer.ts"),
      );
      const compiled = await runProgram(project, join(ROOT, "node_modules/.bin/tsc"), ["-p", "."]);
      // Types of others, such as those of ion-js, may be wrong under the strictest settings. Ours must not be.
      const lines = compiled.stdout.split("\n").filter((line) => /^\S/.test(line));
      const foreign = /^node_modules\/(?!@ledger-loader\/)/;
      expect(lines.filter((line) => !foreign.test(line))).toEqual([]);
    });
    afterAll(() => sqs.close());

    const environment = (queueUrl: string) => ({
      QUEUE_URL: queueUrl,
      LEDGER_NAME: "products",
      LEDGER_ENDPOINT: ledger.endpoint,
      REVISION_WRITER: "./out/price-writer.js#PriceWriter",
      AWS_ENDPOINT_URL: sqs.endpoint,
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "example",
      AWS_SECRET_ACCESS_KEY: "example",
    });

    it.each([
      ["a handler compiled by TypeScript", "lamp", ["out/program.js"]],
      ["a handler in an ES module", "desk", ["program.mjs"]],
      ["a handler bundled by esbuild", "chair", ["bundled.js"]],
    ])("%s loads events with a writer of its own", async (_, id, words) => {
      const { url } = await sqs.createQueue({ name: `events-${id}`, fifo: false });
      if (words[0] === "bundled.js") {
        const bundle = [
          "out/program.js",
          "--bundle",
          "--platform=node",
          "--outfile=bundled.js",
          "--log-level=error",
        ];
        expect((await runProgram(project, join(ROOT, "node_modules/.bin/esbuild"), bundle)).stderr).toBe("");
      }
      const bundledWriter = words[0] === "bundled.js" ? { REVISION_WRITER: "BaseRevisionWriter" } : {};
      const done = await runProgram(project, process.execPath, [...words, id], {
        ...environment(url),
        ...bundledWriter,
      });
      expect([
        done.exitCode,
        done.stdout,
        done.stderr.replace(/^.*NodeDeprecationWarning[^]*$/m, ""),
      ]).toEqual([0, '{"batchItemFailures":[]}\n', expect.not.stringContaining("Error")]);
      const histories = await readHistories(ledger.connect(), "Product");
      expect(histories.get(JSON.stringify(id))?.[1]).toBe(
        words[0] === "bundled.js" ? "{price:25}" : "{price:25,priceBefore:20}",
      );
      // What the publisher sent with the project's own client.
      expect((await receiveAll(sqs.client, url)).map(({ Body }) => Body)).toEqual([
        expect.stringContaining("price"),
      ]);
    });
  });
});
