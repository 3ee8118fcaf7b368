// SPDX-License-Identifier: MIT
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { runWords, serve, type ServedLedgers } from "../test/run-words";

let folder: string;
let events: string;
let server: ServedLedgers;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cli-dry-run-"));
  events = join(folder, "events.jsonl");
  writeFileSync(
    events,
    [
      { op: "INSERT", table: "Vehicle", id: "v1", version: 0, data: { n: 1 } },
      { op: "UPDATE", table: "Vehicle", id: "v1", version: 1, data: { n: 2 } },
      { op: "UPDATE", table: "Vehicle", id: "v1", version: 3, data: { n: 4 } },
      { op: "INSERT", table: "Vehicle", id: "v2", verzion: 0, data: { n: 1 } },
    ]
      .map((event) => `${JSON.stringify(event)}\n`)
      .join(""),
  );
  server = await serve(join(folder, "data"));
  await runWords(["ledger", "create", "dry"], { env: server.env });
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

it("load --dry-run judges every event and writes nothing", async () => {
  const { env } = server;
  const dry = await runWords(["load", events, "--to", "ledger:dry", "--dry-run"], { env });
  expect(dry.exitCode).toBe(1);
  expect(dry.stdout).toContain("judged for ledger:dry, but events were rejected; nothing was written");
  expect(dry.stdout).toContain("2 would be written, 2 rejected");
  expect(dry.stdout).toContain("did you mean version?");
  const described = await runWords(
    ["ledger", "query", "dry", "SELECT name FROM information_schema.user_tables"],
    {
      env,
    },
  );
  expect(described).toMatchObject({ exitCode: 0, stdout: expect.not.stringContaining("Vehicle") });
  const loaded = await runWords(["load", events, "--to", "ledger:dry", "--json"], { env });
  expect(JSON.parse(loaded.stdout)).toMatchObject({ dryRun: false, written: 2, rejectedTotal: 2 });
});

it("load --dry-run is for a ledger: a channel judges nothing", async () => {
  const words = ["load", events, "--to", "kafka:events", "--dry-run"];
  const result = await runWords(words, { env: { KAFKA_BROKERS: "127.0.0.1:1" } });
  expect(result.exitCode).toBe(2);
  expect(result.stderr).toContain("--dry-run");
});
