// SPDX-License-Identifier: MIT
import { execFile, execFileSync } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import {
  buildPackage,
  describeWhen,
  readHistories,
  receiveAll,
  startLedger,
  startSqs,
  type Readiness,
  type SqsEmulator,
  type TestLedger,
} from "@ledger-loader/testkit";
import { runWords } from "../test/run-words";

const ROOT = join(__dirname, "..", "..", "..");
const PROGRAMS = join(__dirname, "..", "test", "fixtures", "installed");
const { packageManager: PNPM } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
  readonly packageManager: string;
};
/** The lowest release of the AWS SDK that pnpm-workspace.yaml calls supported. */
const [, LOWEST_SDK = ""] =
  /"@aws-sdk\/client-sqs": \^([\d.]+)/.exec(readFileSync(join(ROOT, "pnpm-workspace.yaml"), "utf8")) ?? [];
const INSTALLED_BYTES_MAX = 60_000_000;

/** Whether what the packages depend on can be fetched: this test installs as a user does. */
function registryReadiness(): Readiness {
  try {
    execFileSync("npm", ["view", "commander", "version"], { stdio: "ignore", timeout: 30_000 });
    return { available: true };
  } catch {
    return { available: false, reason: "npm's registry does not answer" };
  }
}

let folder: string;
let tarballs: ReadonlyMap<string, string>;

/** Makes an empty project and installs packages into it: ours by their short names, others as npm takes them. */
async function makeProject(
  name: string,
  ours: readonly string[],
  others: readonly string[] = [],
): Promise<string> {
  const project = join(folder, name);
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), JSON.stringify({ name, version: "1.0.0", private: true }));
  const files = ours.map((each) => tarballs.get(each) ?? each);
  await run(project, "npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", ...files, ...others]);
  return project;
}

async function run(
  cwd: string,
  program: string,
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly exitCode: number; readonly stdout: string; readonly stderr: string }> {
  const { NODE_ENV: _, NODE_OPTIONS: __, JEST_WORKER_ID: ___, ...inherited } = process.env;
  try {
    const options = { cwd, env: { ...inherited, ...env }, maxBuffer: 2 ** 26 };
    return { exitCode: 0, ...(await promisify(execFile)(program, words, options)) };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: unknown; stdout: string; stderr: string };
    if (typeof code === "number" && program !== "npm") return { exitCode: code, stdout, stderr };
    throw new Error(`${program} ${words.join(" ")}: ${stderr}${stdout}`, { cause: error });
  }
}

function bytesOf(path: string): number {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

const ENGINE = ["errors", "ion", "journal", "core", "export", "kpl", "partiql", "ledger", "move"];

describeWhen(registryReadiness(), describe)("The packages as a registry would get them", () => {
  let ledger: TestLedger;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "installed-"));
    buildPackage(ROOT);
    const pack = [join(ROOT, "scripts", "pack.mjs"), join(folder, "packed"), "npx", "--yes", PNPM];
    const { exitCode, stdout, stderr } = await run(ROOT, process.execPath, pack);
    if (exitCode !== 0) throw new Error(stderr);
    tarballs = new Map(
      stdout
        .trim()
        .split("\n")
        .map((file) => [/ledger-loader-(\w+)-[\d.]+\.tgz$/.exec(file)?.[1] ?? file, file]),
    );
    ledger = await startLedger({ name: "products", tables: { Product: ["oldDocumentId"] } });
  });
  afterAll(async () => {
    await ledger.close();
    rmSync(folder, { recursive: true, force: true });
  });

  describe("The command line, installed into an empty folder:", () => {
    let project: string;
    beforeAll(async () => {
      project = await makeProject("line", [...ENGINE, "cli"]);
    });

    it("npx runs it, and it verifies an export against its digest", async () => {
      expect((await run(project, "npx", ["ledger-loader", "--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
      const env = { LEDGER_ENDPOINT: ledger.endpoint };
      await runWords(["ledger", "export", "products", "--output", join(project, "export")], { env });
      const digest = await runWords(["ledger", "digest", "products", "--json"], { env });
      writeFileSync(join(project, "digest.json"), digest.stdout);
      const verify = ["ledger-loader", "export", "verify", "export", "--digest", "digest.json"];
      const { exitCode, stdout } = await run(project, "npx", verify);
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
      const { exitCode, stderr } = await run(project, "npx", words, env);
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
      project = await makeProject("program", ["errors", "ion", "journal", "core", "sqs"], others);
      for (const name of readdirSync(PROGRAMS)) {
        // Without the ending that keeps a fixture out of this repository's own checks.
        copyFileSync(join(PROGRAMS, name), join(project, name.replace(/\.txt$/, "")));
      }
      copyFileSync(
        join(ROOT, "docs/examples/my-writer/src/price-writer.ts"),
        join(project, "price-writer.ts"),
      );
      const compiled = await run(project, join(ROOT, "node_modules/.bin/tsc"), ["-p", "."]);
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
        expect((await run(project, join(ROOT, "node_modules/.bin/esbuild"), bundle)).stderr).toBe("");
      }
      const bundledWriter = words[0] === "bundled.js" ? { REVISION_WRITER: "BaseRevisionWriter" } : {};
      const done = await run(project, process.execPath, [...words, id], {
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
