// SPDX-License-Identifier: MIT
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import {
  type Loader,
  type LoaderSurroundings,
  createLoaderFromConfig,
  parseConfig,
  silentLogger,
} from "@ledger-loader/core";
import { createDmsHandlerFromConfig } from "@ledger-loader/dms";
import { aDmsRecord, aKinesisBatch, CHANNEL_CASES, DMS_MAPPING } from "../test/channel-events";
import { runWords, serve, type CliResult, type ServedLedgers } from "../test/run-words";
import { LETTER_CHANNELS } from "./channels/letter-decoders";

const ROOT = join(__dirname, "../../..");

let folder: string;
let server: ServedLedgers;
let ledgers = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cli-redrive-channels-"));
  server = await serve(join(folder, "data"));
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A ledger without tables and a loader that parks what it cannot write there. */
async function parking(channel: NonNullable<LoaderSurroundings["channel"]>): Promise<{
  readonly name: string;
  readonly letters: string;
  readonly loader: Loader;
}> {
  const name = `ledger${++ledgers}`;
  const letters = join(folder, `${name}.jsonl`);
  await run("ledger", "create", name);
  const config = parseConfig({
    LEDGER_NAME: name,
    LEDGER_ENDPOINT: server.endpoint,
    DEAD_LETTERS: `file:${letters}`,
    PARK_WAIT_MS: "0",
  });
  return { name, letters, loader: await createLoaderFromConfig(config, silentLogger, { channel }) };
}

function run(...words: string[]): Promise<CliResult> {
  return runWith({}, ...words);
}

function runWith(env: Readonly<Record<string, string>>, ...words: string[]): Promise<CliResult> {
  return runWords(words, { env: { ...server.env, ...env } });
}

const colors = async (name: string): Promise<string> =>
  (await run("ledger", "query", name, "SELECT color FROM Vehicle", "--json")).stdout;

describe("redrive applies letters", () => {
  it.each(CHANNEL_CASES)("of $channel, parked by $handler", async ({ channel, invoke }) => {
    const { name, letters, loader } = await parking(channel);
    await invoke(loader);
    await loader.close();
    expect(readFileSync(letters, "utf8")).toContain(`"reason":"unknown-table"`);
    const dry = await run("redrive", letters, "--ledger", name, "--dry-run", "--json");
    expect(dry.json()).toMatchObject({ dryRun: true, letters: 1, applied: 1, kept: 0 });
    const result = await run("redrive", letters, "--ledger", name, "--json");
    expect(result.json()).toMatchObject({ letters: 1, applied: 1, written: 1, kept: 0 });
    expect(await colors(name)).toContain("red");
    expect(readFileSync(letters, "utf8")).toBe("");
  });

  it("of every channel: each handler has a case, each case a decoder, and each name that functions use", () => {
    const packages = readdirSync(join(ROOT, "packages"));
    const indexes = packages.map((name) => join(ROOT, "packages", name, "src/index.ts")).filter(existsSync);
    const handlers = indexes.flatMap((path) => readFileSync(path, "utf8").match(/create\w+Handler\b/g) ?? []);
    expect(new Set(CHANNEL_CASES.map(({ handler }) => handler))).toEqual(new Set(handlers));
    const cases = new Set(CHANNEL_CASES.map(({ channel }) => channel));
    // The same decoder under the name that a cluster without MSK suggests.
    expect(new Set(LETTER_CHANNELS)).toEqual(new Set([...cases, "kafka"]));
    const functions = ["docs/examples/src", "infra/lambda"]
      .map((each) => join(ROOT, each))
      .filter(existsSync);
    const named = functions
      .flatMap((path) => readdirSync(path).map((name) => join(path, name)))
      .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts"))
      .flatMap((path) => [
        ...readFileSync(path, "utf8").matchAll(/(?:channel: |startFunction(?:<[^(]*>)?\(\s*)"([\w-]+)"/g),
      ])
      .map(([, name]) => name);
    expect([...cases]).toEqual(expect.arrayContaining(named));
  });
});

describe("redrive --decode maps records anew", () => {
  const source = `const { dom } = require("ion-js");
    exports.mapper = {
      mapTableName: ({ table }) => (table === "vehicle" ? "Vehicle" : undefined),
      mapPrimaryKey: (row) => row.get("id"),
      mapDataRecord: () => dom.Value.from({ color: "of a custom mapper" }),
    };`;
  const settings = (mapper: string): Record<string, string> => ({
    DMS_SOURCE_ENGINE: "mysql",
    LOAD_EVENT_MAPPER: `${mapper}#mapper`,
  });

  async function parkWith(environment: Record<string, string>, record: string) {
    const parked = await parking("dms");
    await (
      await createDmsHandlerFromConfig(parked.loader, environment, silentLogger)
    )(aKinesisBatch(record));
    await parked.loader.close();
    return parked;
  }

  function aMapper(name: string): string {
    const path = join(folder, `${name}.cjs`);
    writeFileSync(path, source.replace(`"ion-js"`, JSON.stringify(require.resolve("ion-js"))));
    return path;
  }

  it("not at all for a mapper of one's own whose letters keep their events", async () => {
    const { name, letters } = await parkWith(settings(aMapper("own")), aDmsRecord());
    rmSync(join(folder, "own.cjs"));
    expect((await run("redrive", letters, "--ledger", name, "--json")).json()).toMatchObject({ applied: 1 });
    expect(await colors(name)).toContain("of a custom mapper");
  });

  it("for letters that could not be mapped: they stay until the mapping says how", async () => {
    const environment = settings(aMapper("lacking"));
    const { name, letters } = await parkWith(environment, aDmsRecord("truck"));
    expect(readFileSync(letters, "utf8")).toContain("not-mapped");
    const without = await run("redrive", letters, "--ledger", name, "--json");
    expect(without.json()).toMatchObject({
      kept: 1,
      redriven: [{ reason: "not-mapped", detail: expect.stringContaining("dms") }],
    });
    const mapping = join(folder, "corrected.json");
    writeFileSync(mapping, DMS_MAPPING.replace("vehicle", "truck"));
    const corrected = { DMS_SOURCE_ENGINE: "mysql", DMS_MAPPING_FILE: mapping };
    const redrive = ["redrive", letters, "--ledger", name, "--json", "--decode"];
    expect((await run(...redrive)).json()).toMatchObject({ kept: 1 });
    expect((await runWith(environment, ...redrive)).json()).toMatchObject({
      kept: 1,
      redriven: [{ reason: "not-mapped" }],
    });
    expect((await runWith(corrected, ...redrive)).json()).toMatchObject({ applied: 1 });
    expect(await colors(name)).toContain("red");
  });

  it("for letters whose body a person has corrected: their old events are not applied", async () => {
    const environment = settings(aMapper("corrected"));
    const { name, letters } = await parkWith(environment, aDmsRecord());
    writeFileSync(
      letters,
      readFileSync(letters, "utf8").replace(String.raw`\"id\":\"1N4\"`, String.raw`\"id\":\"1N5\"`),
    );
    expect((await run("redrive", letters, "--ledger", name, "--json")).json()).toMatchObject({ kept: 1 });
    const redrive = ["redrive", letters, "--ledger", name, "--json", "--decode"];
    expect((await runWith(environment, ...redrive)).json()).toMatchObject({ applied: 1 });
    const ids = await run("ledger", "query", name, "SELECT oldDocumentId FROM Vehicle", "--json");
    expect(ids.stdout).toContain("1N5");
  });

  it("and ends with 2 for settings that cannot be used", async () => {
    const { name, letters } = await parkWith(settings(aMapper("unused")), aDmsRecord());
    const env = { DMS_SOURCE_ENGINE: "db2" };
    const result = await runWith(env, "redrive", letters, "--ledger", name, "--decode");
    expect(result).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("DMS_SOURCE_ENGINE") });
  });
});
