// SPDX-License-Identifier: MIT
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import {
  createLoaderFromConfig,
  DriverLedger,
  FileDeadLetterSink,
  parseConfig,
  silentLogger,
} from "@ledger-loader/core";
import { createSqsHandler } from "@ledger-loader/sqs";
import { startSqs, type SqsEmulator } from "@ledger-loader/testkit";
import { runWords, serve, type CliResult, type ServedLedgers } from "../test/run-words";

type Settings = Readonly<Record<string, string>>;

const fixture = `./${relative(process.cwd(), join(__dirname, "../test/fixtures/house-writers.cjs"))}`;
const HOUSE = { REVISION_WRITER: `${fixture}#OneFieldWriter`, ID_FIELD: "VIN" };
const MAPPED = { REVISION_WRITER: `${fixture}#MappedWriter`, TABLE_ID_FIELDS: "Vehicle=VIN" };

const insert = (id: string, data: object): string =>
  JSON.stringify({ op: "INSERT", table: "Vehicle", id, version: 0, data });
const update = (id: string, version: number, data: object): string =>
  JSON.stringify({ op: "UPDATE", table: "Vehicle", id, version, data });

/** A history that an export can hold: an update that the veto's record is waiting for too, so that two events are refused. */
const HISTORY = [
  insert("v1", { n: 1 }),
  update("v1", 1, { n: 2 }),
  insert("v2", { n: 1, scrapped: true }),
  insert("v3", { n: 3 }),
];
/** Of a record that is not there: skipped where the mode is lenient. */
const MISSING = update("v4", 0, { n: 4 });

let folder: string;
let server: ServedLedgers;
let sqs: SqsEmulator;
let exported: string;
let ledgers = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cli-ways-in-"));
  [server, sqs] = await Promise.all([serve(join(folder, "data")), startSqs()]);
  const source = await newLedger();
  await load(HISTORY, source, {}, "--id-field", "sourceId");
  exported = join(folder, "export");
  await run(["ledger", "export", source, "--output", exported]);
});
afterAll(async () => {
  await Promise.all([sqs.close(), server.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

async function run(words: readonly string[], env: Settings = {}, stdin = ""): Promise<CliResult> {
  return runWords(words, { env: { ...server.env, AWS_ENDPOINT_URL_SQS: sqs.endpoint, ...env }, stdin });
}

async function newLedger(): Promise<string> {
  const name = `ways-${ledgers++}`;
  await run(["ledger", "create", name]);
  return name;
}

/** The ledger's documents, without what tells sources apart: a replayed record's id is that of its document. */
async function documents(ledger: string): Promise<readonly unknown[]> {
  const result = await run(["ledger", "query", ledger, "SELECT n, signedBy FROM Vehicle", "--json"]);
  const { rows } = result.json() as { readonly rows: readonly { readonly n: number }[] };
  return rows.toSorted((a, b) => a.n - b.n);
}

async function withVin(ledger: string): Promise<number> {
  const words = ["ledger", "query", ledger, "SELECT VIN FROM Vehicle WHERE VIN IS NOT MISSING", "--json"];
  return ((await run(words)).json()["rows"] as readonly unknown[]).length;
}

async function load(
  events: readonly string[],
  ledger: string,
  env: Settings = {},
  ...options: readonly string[]
): Promise<Record<string, unknown>> {
  const words = ["load", "-", "--to", `ledger:${ledger}`, "--json", ...options];
  return (await run(words, env, events.join("\n"))).json();
}

async function redrive(
  events: readonly string[],
  ledger: string,
  env: Settings = {},
  ...options: readonly string[]
): Promise<Record<string, unknown>> {
  const letters = join(folder, `${ledger}.letters`);
  await new FileDeadLetterSink(letters).park(
    events.map((body, i) => ({
      channel: "sqs",
      origin: `events/${i}`,
      deliveryId: String(i),
      body,
      reason: "version-gap",
      detail: "Expected another version.",
      retryable: true,
      parkedAtMs: i,
    })),
  );
  return (await run(["redrive", letters, "--ledger", ledger, "--json", ...options], env)).json();
}

async function handle(events: readonly string[], ledger: string, env: Settings): Promise<number> {
  const { LEDGER_ENDPOINT: endpoint = "" } = server.env;
  const config = parseConfig({ CREATE_TABLES: "true", ...env, LEDGER_NAME: ledger });
  const loader = await createLoaderFromConfig(config, silentLogger, {
    ledger: new DriverLedger({
      ledgerName: ledger,
      endpoint,
      region: config.ledgerRegion,
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
      sessions: config.sessionsMax,
    }),
  });
  const Records = events.map((body, i) => ({
    messageId: String(i),
    body,
    eventSourceARN: "arn:q",
    attributes: {},
  }));
  const { batchItemFailures } = await createSqsHandler(loader)({ Records } as never);
  await loader.close();
  return batchItemFailures.length;
}

async function consume(events: readonly string[], ledger: string, env: Settings): Promise<unknown> {
  const { url } = await sqs.createQueue({ name: ledger, fifo: true });
  await run(["load", "-", "--to", `sqs:${url}`], {}, events.join("\n"));
  const parking = ["--dead-letters", join(folder, `${ledger}.parked`), "--park-after", "0"];
  const words = ["consume", `sqs:${url}`, "--ledger", ledger, "--until-idle", "1", "--json", ...parking];
  return (await run(words, env)).json()["parked"];
}

/** Every way in, with how many events it did not apply. */
const WAYS: Readonly<
  Record<string, (events: readonly string[], ledger: string, env: Settings) => Promise<unknown>>
> = {
  "a handler": handle,
  consume,
  load: async (events, ledger, env) => (await load(events, ledger, env))["rejectedTotal"],
  redrive: async (events, ledger, env) => (await redrive(events, ledger, env))["kept"],
  "export replay": async (_, ledger, env) =>
    (await run(["export", "replay", exported, "--to", `ledger:${ledger}`, "--json"], env)).json()[
      "rejectedTotal"
    ],
};

describe.each(Object.entries(WAYS))("By way of %s", (way, send) => {
  // An export has no update that nothing precedes.
  const events = way === "export replay" ? HISTORY : [...HISTORY, MISSING];
  const SIGNED = [
    { n: 2, signedBy: "house" },
    { n: 3, signedBy: "house" },
  ];

  it.each([
    ["one id field", HOUSE],
    ["a map of id fields", MAPPED],
  ])("a user's writer refuses and adjusts, with %s, in lenient mode", async (_, settings) => {
    const ledger = await newLedger();
    const env = { ...settings, STRICT_MODE: "false" };
    expect(await send(events, ledger, env)).toBe(1);
    expect(await documents(ledger)).toEqual(SIGNED);
    expect(await withVin(ledger)).toBe(2);
    // Once more by the same way: nothing is written twice.
    await send(events, ledger, env);
    expect(await documents(ledger)).toEqual(SIGNED);
  });

  it("the loader's limits hold, and a missing record is rejected in strict mode", async () => {
    const ledger = await newLedger();
    const isReplay = way === "export replay";
    const large = insert("v5", { n: 5, text: "x".repeat(2_000) });
    const env = { ID_FIELD: "VIN", DOCUMENT_BYTES_MAX: "1024" };
    expect(await send([...events, large], ledger, env)).toBe(isReplay ? 0 : 2);
    expect(await documents(ledger)).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
  });
});

describe("A letter of an INSERT that was applied", () => {
  const VIN = ["--id-field", "VIN"];
  const event = insert("v1", { n: 1 });

  it.each<[string, Settings, readonly string[]]>([
    ["ID_FIELD", { ID_FIELD: "VIN" }, []],
    ["TABLE_ID_FIELDS", { REVISION_WRITER: "TableMapperRevisionWriter", TABLE_ID_FIELDS: "*=VIN" }, []],
    ["--id-field", {}, VIN],
    [
      "--id-field and a map",
      { REVISION_WRITER: "TableMapperRevisionWriter", TABLE_ID_FIELDS: "Person=pid" },
      VIN,
    ],
    ["--id-field and a user's writer", { REVISION_WRITER: HOUSE.REVISION_WRITER }, VIN],
    ["--id-field and a user's map", { REVISION_WRITER: MAPPED.REVISION_WRITER }, VIN],
  ])("is needless where the field is named by %s", async (_, env, options) => {
    const ledger = await newLedger();
    expect(await load([event], ledger, env, ...options)).toMatchObject({ written: 1 });
    expect(await redrive([event], ledger, env, ...options)).toMatchObject({ needless: 1, written: 0 });
    expect(await withVin(ledger)).toBe(1);
    expect(await documents(ledger)).toHaveLength(1);
  });
});

describe("Options that name id fields", () => {
  it.each([
    ["--id-field", HOUSE, ["--id-field", "VIN"]],
    ["--id-field", MAPPED, ["--id-field", "VIN"]],
    ["--id-fields", HOUSE, ["--id-fields", "map.json"]],
    ["--id-fields", MAPPED, ["--id-fields", "map.json"]],
  ])("leave the configured writer in its place: %s, %j", async (_, env, [flag = "", value = ""]) => {
    const mapping = join(folder, "map.json");
    writeFileSync(mapping, '{"Vehicle": "VIN"}');
    const options = [flag, value === "map.json" ? mapping : value];
    const ledger = await newLedger();
    expect(await redrive(HISTORY, ledger, env, ...options)).toMatchObject({ applied: 3, kept: 1 });
    expect(await load([insert("v6", { n: 6, scrapped: true })], ledger, env, ...options)).toMatchObject({
      rejectedTotal: 1,
    });
    expect(await documents(ledger)).toEqual([
      { n: 2, signedBy: "house" },
      { n: 3, signedBy: "house" },
    ]);
  });

  it("say by their own name what is wrong with them", async () => {
    const result = await run(["load", "-", "--to", "ledger:x", "--id-field", "no field"]);
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain('expected --id-field to be the name of a field, found "no field"');
  });
});

it.each([
  ["--id-field", "VIN"],
  ["--no-create-tables"],
  ["--masking", "rules.ion"],
  ["--id-fields", "map.json"],
])("%s is refused for a channel, whose consumer it belongs to", async (...words) => {
  const result = await run(["load", "-", "--to", "sqs:http://127.0.0.1/000000000000/none", ...words]);
  expect(result.exitCode).toBe(2);
  expect(result.stderr).toContain(`expected ${words[0]} with --to ledger: only, found it with sqs:`);
});

it("A redrive parks no letter again, and prints no metrics", async () => {
  const ledger = await newLedger();
  const parked = join(folder, "parked-again");
  const env = { ...HOUSE, DEAD_LETTERS: `file:${parked}`, METRICS_NAMESPACE: "Loader" };
  expect(await redrive(HISTORY, ledger, env)).toMatchObject({ applied: 3, kept: 1 });
  expect((await run(["redrive", parked, "--ledger", ledger])).stderr).toContain("no such file");
});

it("reconcile finds what a replay wrote under the same settings", async () => {
  const ledger = await newLedger();
  const env = { ID_FIELD: "VIN" };
  await run(["export", "replay", exported, "--to", `ledger:${ledger}`], env);
  expect((await run(["reconcile", exported, "--ledger", ledger], env)).stdout).toMatch(/^equal: /);
});
