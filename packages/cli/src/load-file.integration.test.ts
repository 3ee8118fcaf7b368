// SPDX-License-Identifier: MIT
import { mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { runWords, serve, type ServedLedgers } from "../test/run-words";

let folder: string;
let events: string;
let server: ServedLedgers;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cli-load-file-"));
  events = join(folder, "events.jsonl");
  const event = (n: number) =>
    JSON.stringify({ op: "INSERT", table: "Vehicle", id: `v${n}`, version: 0, data: { n } });
  // More than a stream reads ahead.
  writeFileSync(events, Array.from({ length: 2_000 }, (_, n) => `${event(n)}\n`).join(""));
  server = await serve(join(folder, "data"));
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** True if this process has the file of events open; Linux alone shows it. */
function isOpen(): boolean {
  const descriptors = "/proc/self/fd";
  return readdirSync(descriptors).some((descriptor) => {
    try {
      return readlinkSync(join(descriptors, descriptor)) === events;
    } catch {
      // It was closed meanwhile, or it is the one that lists the others.
      return false;
    }
  });
}

const onLinux = process.platform === "linux" ? it : it.skip;

onLinux("load closes its file when it ends, when the ledger is missing, and when it is stopped", async () => {
  const { env } = server;
  await runWords(["ledger", "create", "whole"], { env });
  const loadInto = (ledger: string, onStoppable?: (stop: () => void) => void) =>
    runWords(["load", events, "--to", `ledger:${ledger}`], { env, onStoppable });
  const exitCodes: number[] = [];
  for (const run of [
    () => loadInto("missing"),
    () =>
      loadInto("whole", (stop) => {
        stop();
      }),
    () => loadInto("whole"),
  ]) {
    exitCodes.push((await run()).exitCode);
    expect(isOpen()).toBe(false);
  }
  expect(exitCodes).toEqual([2, 1, 0]);
});
