// SPDX-License-Identifier: MIT
import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { createEvent } from "@ledger-loader/core";
import { createSqsPublisher } from "@ledger-loader/sqs";
import { readHistories, startLedger, startSqs } from "@ledger-loader/testkit";

const ROOT = path.join(__dirname, "..", "..", "..");
const GUIDE = readFileSync(path.join(ROOT, "docs", "guides", "writer.md"), "utf8");
const PACKAGE = path.join(ROOT, "package.json");
/** Packages that the guide fetches from a registry. Here the checkout's own copies are linked: no test needs a network. */
const FETCHED = /(?<= )((?:@[\w-]+\/)?[\w-]+)@(\d[\w.]*)/g;

let parent: string;
let folder: string;

beforeAll(async () => {
  if (!existsSync(path.join(ROOT, "packages/core/dist/index.js"))) {
    throw new Error(
      "Expected the packages to be built, found no packages/core/dist. Run `pnpm build` first.",
    );
  }
  parent = await mkdtemp(path.join(tmpdir(), "outside-"));
  folder = path.join(parent, "my-writer");
  await symlink(ROOT, path.join(parent, "ledger-loader"));
});
afterAll(async () => rm(parent, { recursive: true }));

describe("docs/guides/writer.md, followed from an empty folder beside a checkout:", () => {
  it("the folder is set up with npm alone", async () => {
    await run(commandsOf("Set up a folder"));
    expect(existsSync(path.join(folder, "node_modules/@ledger-loader/core/package.json"))).toBe(true);
    expect(existsSync(path.join(folder, "node_modules/ion-js"))).toBe(false);
  });

  it("the guide names the versions that this repository uses itself", () => {
    const { devDependencies } = JSON.parse(readFileSync(PACKAGE, "utf8")) as {
      readonly devDependencies: Readonly<Record<string, string>>;
    };
    const fetched = [...commandsOf("Set up a folder").matchAll(FETCHED)];
    expect(fetched.length).toBeGreaterThan(2);
    for (const [, name = "", version = ""] of fetched) {
      expect(`${name}@${devDependencies[name] ?? ""}`.startsWith(`${name}@${version}`)).toBe(true);
    }
  });

  it("the writer type-checks and keeps its contract", async () => {
    await cp(path.join(ROOT, "docs/examples/my-writer"), folder, { recursive: true });
    const output = await run(commandsOf("Test it"));
    expect(output).toMatch(/Tests: +\d{3} passed/);
    expect(existsSync(path.join(folder, "dist/price-writer.js"))).toBe(true);
  });

  it("a worker loads a queue with it", async () => {
    const ledger = await startLedger({ name: "products", tables: { Product: ["oldDocumentId"] } });
    const sqs = await startSqs();
    try {
      const { url } = await sqs.createQueue({ name: "events", fifo: true });
      const lamp = { table: "Product", id: "lamp" };
      const events = [
        createEvent({ ...lamp, op: "INSERT", version: 0, data: { price: 20 } }),
        createEvent({ ...lamp, op: "UPDATE", version: 1, data: { price: 25 } }),
      ];
      const publisher = createSqsPublisher({ client: sqs.client, queueUrl: url, runId: "1" });
      await publisher.publish(Readable.from(events));
      await run(commandsOf("Run it"), {
        QUEUE_URL: url,
        LEDGER_ENDPOINT: ledger.endpoint,
        AWS_ENDPOINT_URL: sqs.endpoint,
        AWS_REGION: "us-east-1",
        AWS_ACCESS_KEY_ID: "example",
        AWS_SECRET_ACCESS_KEY: "example",
      });
      const histories = await readHistories(ledger.connect(), "Product");
      expect(histories.get('"lamp"')).toEqual(["{price:20}", "{price:25,priceBefore:20}"]);
    } finally {
      await sqs.close();
      await ledger.close();
    }
  });

  it("a writer that asks the clock fails the suite, and the suite says why", async () => {
    const source = path.join(folder, "src", "price-writer.ts");
    const correct = await readFile(source, "utf8");
    await writeFile(source, correct.replace("before]]", 'before], ["at", dom.Value.from(new Date())]]'));
    const output = await run('npm test -- -t "delivered twice"').catch(
      (error: unknown) => (error as { stderr: string }).stderr,
    );
    expect(output).toMatch(/Tests: +\d+ failed/);
    expect(output).toContain("it finds what it wrote");
    const [, quoted = "no quotation"] = /```text\n(\+ +"rejected.*)\n```/.exec(GUIDE) ?? [];
    expect(output.split("\n").map((line) => line.trim())).toContain(quoted);
  });
});

/** The shell commands under a heading. */
function commandsOf(heading: string): string {
  const [, section = ""] = GUIDE.split(`\n## ${heading}\n`);
  const [text = ""] = section.split("\n## ");
  return [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, commands = ""]) => commands).join("\n");
}

async function run(commands: string, settings: Readonly<Record<string, string>> = {}): Promise<string> {
  const local = commands.replace(FETCHED, (_, name: string) => `../ledger-loader/node_modules/${name}`);
  const { JEST_WORKER_ID: _, NODE_ENV: __, NODE_OPTIONS: ___, ...environment } = process.env;
  const { stdout, stderr } = await promisify(execFile)("bash", ["-euo", "pipefail", "-c", local], {
    cwd: existsSync(path.join(folder, "package.json")) ? folder : parent,
    env: {
      ...environment,
      npm_config_offline: "true",
      // A linked package's own scripts are for its developers.
      npm_config_ignore_scripts: "true",
      npm_config_audit: "false",
      npm_config_fund: "false",
      ...settings,
    },
    maxBuffer: 10 * 1024 * 1024,
  });
  return stdout + stderr;
}
