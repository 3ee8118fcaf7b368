// SPDX-License-Identifier: MIT
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { encodeEvent } from "@ledger-loader/core";
import {
  aHistory,
  chromiumAvailability,
  describeWhen,
  startSqs,
  type SqsEmulator,
} from "@ledger-loader/testkit";
import { type Browser, chromium } from "playwright-core";
import { type CliResult, runWords, serve, type ServedLedgers } from "../../test/run-words";

const availability = chromiumAvailability();
const program = availability.available ? availability.program : "";

describeWhen(availability, describe)("The page of a worker, in Chromium,", () => {
  let folder: string;
  let server: ServedLedgers;
  let sqs: SqsEmulator;
  let browser: Browser;
  let url: string;

  beforeAll(async () => {
    execFileSync(process.execPath, [
      join(__dirname, "..", "..", "..", "..", "scripts", "bundle-explorer.mjs"),
    ]);
    folder = mkdtempSync(join(tmpdir(), "cli-worker-page-"));
    server = await serve(join(folder, "data"), "--explorer", "off");
    sqs = await startSqs();
    ({ url } = await sqs.createQueue({ name: "events", fifo: true }));
    await runWords(["ledger", "create", "cars"], { env: server.env });
    await runWords(["ledger", "query", "cars", "CREATE TABLE Vehicle"], { env: server.env });
    await runWords(["ledger", "query", "cars", "CREATE INDEX ON Vehicle (oldDocumentId)"], {
      env: server.env,
    });
    const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
    browser = await chromium.launch({ executablePath: program, args });
  });
  afterAll(async () => {
    await browser.close();
    await sqs.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("follows what the worker writes, rejects and parks, and names no record", async () => {
    const events = [
      ...aHistory(["INSERT", "UPDATE"], { id: "the-id-of-a-record" }),
      ...aHistory(["INSERT", "UPDATE", "UPDATE"], { id: "another-id-of-a-record" }).slice(2),
    ];
    const env = { ...server.env, AWS_ENDPOINT_URL_SQS: sqs.endpoint };
    const stdin = events.map((event) => `${encodeEvent(event)}\n`).join("");
    await runWords(["load", "-", "--to", `sqs:${url}`], { env, stdin });
    const worker = startWorker(env);
    const page = await browser.newPage();
    page.setDefaultTimeout(240_000);
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("console", (message) => {
      // While something is wrong, /health answers 503, which the page shows.
      if (message.type() === "error" && !message.text().includes("503")) errors.push(message.text());
    });
    await page.goto(await worker.address);
    await page.getByRole("heading", { name: "into the ledger cars" }).waitFor();
    const count = async (table: string, row: string): Promise<void> => {
      await page.getByRole("region", { name: table }).getByRole("row", { name: row }).waitFor();
    };
    await count("Events by outcome", "written 2");
    await count("Parked, by reason", "version-gap 1");
    await count("Last warnings and errors", "event rejected");
    const text = await page.locator("body").innerText();
    expect(text).toContain("Lag, half of the batches");
    expect(text).not.toContain("id-of-a-record");
    expect(errors).toEqual([]);
    worker.stop();
    expect((await worker.ended).exitCode).toBe(1);
    await page.locator(".problem", { hasText: "The worker does not answer" }).waitFor();
    await page.close();
  });

  function startWorker(env: Readonly<Record<string, string>>): {
    readonly address: Promise<string>;
    readonly ended: Promise<CliResult>;
    readonly stop: () => void;
  } {
    let stop: () => void = () => undefined;
    let tell: (address: string) => void = () => undefined;
    const address = new Promise<string>((resolve) => {
      tell = resolve;
    });
    const words = ["consume", `sqs:${url}`, "--ledger", "cars", "--health-port", "0", "--json"];
    const letters = ["--dead-letters", join(folder, "letters.jsonl"), "--park-after", "0"];
    const ended = runWords([...words, ...letters], {
      env,
      onStoppable: (ask) => {
        stop = ask;
      },
      onStderr: (text) => {
        const found = /"url":"(http:[^"]+)"/.exec(text)?.[1];
        if (found !== undefined) tell(`${found}/`);
      },
    });
    return {
      address,
      ended,
      stop: () => {
        stop();
      },
    };
  }
});
