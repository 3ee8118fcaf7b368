// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import {
  BaseRevisionWriter,
  ConfigurationError,
  SETTINGS,
  TableMapperRevisionWriter,
  WriterNotFoundError,
  loadWriter,
  parseConfig,
  parseIdentifier,
  renderConfigReference,
  toEnvironment,
} from "@ledger-loader/core";
import { readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";

const T = parseIdentifier("T");

describe("parseConfig", () => {
  it("needs nothing but the ledger's name", () => {
    expect(parseConfig({ LEDGER_NAME: "my-ledger", STRICT_MODE: "" })).toEqual({
      ledgerName: "my-ledger",
      ledgerRegion: "us-east-1",
      ledgerEndpoint: undefined,
      sessionsMax: 10,
      occRetriesMax: 8,
      strictness: "strict",
      startMidHistory: false,
      requireId: false,
      allowUnordered: false,
      createTables: false,
      revisionWriter: "BaseRevisionWriter",
      idField: "oldDocumentId",
      tableIdFields: { "*": "oldDocumentId" },
      tableIdFieldsFile: undefined,
      logLevel: "info",
      logIds: "plain",
      logFormat: "auto",
      eventsPerTransactionMax: 200,
      documentBytesMax: 131072,
      documentsPerTransactionMax: 40,
      deadLetters: undefined,
      parkWaitMs: 300_000,
      maskingFile: undefined,
      maskingKey: undefined,
      metricsNamespace: undefined,
      healthHost: "127.0.0.1",
      healthPort: 9464,
      stalledAfterMs: 300_000,
      drainTimeoutMs: 25_000,
    });
  });

  it("reads every setting by its name, and sessions by either of two", () => {
    const config = parseConfig({
      LEDGER_NAME: "l",
      LEDGER_REGION: "eu-west-1",
      LEDGER_ENDPOINT: "http://127.0.0.1:8182",
      MAX_SESSIONS: "3",
      MAX_OCC_RETRIES: "0",
      STRICT_MODE: "false",
      TABLE_ID_FIELDS: "Vehicle=VIN, *=id",
    });
    expect(config).toMatchObject({
      ledgerRegion: "eu-west-1",
      ledgerEndpoint: "http://127.0.0.1:8182",
      sessionsMax: 3,
      occRetriesMax: 0,
      strictness: "lenient",
      tableIdFields: { Vehicle: "VIN", "*": "id" },
    });
    expect(
      parseConfig({ LEDGER_NAME: "l", MAX_SESSIONS: "3", MAX_SESSIONS_PER_LAMBDA: "4" }).sessionsMax,
    ).toBe(4);
  });

  it("reports all problems at once, by name", () => {
    const parse = () =>
      parseConfig({
        STRICT_MODE: "yes",
        MAX_SESSIONS: "0",
        MAX_OCC_RETRIES: "many",
        LEDGER_ENDPOINT: "ftp://x",
      });
    expect(parse).toThrow(ConfigurationError);
    try {
      parse();
    } catch (error) {
      expect((error as ConfigurationError).problems).toEqual([
        "LEDGER_NAME: expected 1 to 32 letters, digits and hyphens, found nothing",
        `LEDGER_ENDPOINT: expected an http or https URL, found "ftp://x"`,
        `MAX_SESSIONS: expected an integer from 1 to 1500, found "0"`,
        `MAX_OCC_RETRIES: expected an integer from 0 to 100, found "many"`,
        `STRICT_MODE: expected true or false, found "yes"`,
      ]);
    }
  });

  it.each([
    ["file:letters.jsonl", { kind: "file", path: "letters.jsonl" }],
    [
      "sqs:https://sqs.us-east-1.amazonaws.com/1/q",
      { kind: "sqs", queueUrl: "https://sqs.us-east-1.amazonaws.com/1/q" },
    ],
  ])("reads where dead letters go: %s", (text, target) => {
    expect(parseConfig({ LEDGER_NAME: "l", DEAD_LETTERS: text }).deadLetters).toEqual(target);
  });

  it.each([
    ["debug", "debug"],
    ["WARN", "warn"],
    ["Silent", "silent"],
  ])("reads the level of the log in any case: %s", (text, level) => {
    expect(parseConfig({ LEDGER_NAME: "l", LOG_LEVEL: text }).logLevel).toBe(level);
    expect(() => parseConfig({ LEDGER_NAME: "l", LOG_LEVEL: `${text}!` })).toThrow(
      "LOG_LEVEL: expected debug,",
    );
  });

  it.each(["letters.jsonl", "file:", "sqs:q", "sqs:https://sqs.us-east-1.amazonaws.com/1/q.fifo"])(
    "refuses %s as a place for dead letters",
    (text) => {
      expect(() => parseConfig({ LEDGER_NAME: "l", DEAD_LETTERS: text })).toThrow("DEAD_LETTERS: expected");
    },
  );

  it("never shows a secret, not even one that is wrong", () => {
    const parse = () => parseConfig({ LEDGER_NAME: "l", MASKING_KEY: "hunter2" });
    expect(parse).toThrow("MASKING_KEY: expected 32 or more characters, found something else");
    expect(parse).not.toThrow("hunter2");
  });

  it("is written as the environment that it is read from", () => {
    const environment = {
      LEDGER_NAME: "l",
      STRICT_MODE: "false",
      TABLE_ID_FIELDS: "Vehicle=VIN,*=id",
      DEAD_LETTERS: "sqs:https://sqs.us-east-1.amazonaws.com/1/q",
      MAX_SESSIONS_PER_LAMBDA: "3",
      CREATE_TABLES: "true",
    };
    const written = toEnvironment(SETTINGS, parseConfig(environment));
    expect(written).toMatchObject(environment);
    expect(parseConfig(written)).toEqual(parseConfig(environment));
    expect(written).not.toHaveProperty("LEDGER_ENDPOINT");
  });

  it("is described by docs/reference/configuration.md (after changing it: UPDATE_DOCS=1)", () => {
    const file = join(__dirname, "../../../../docs/reference/configuration.md");
    if (process.env["UPDATE_DOCS"] !== undefined) writeFileSync(file, renderConfigReference());
    const page = readFileSync(file, "utf8");
    expect(page).toBe(renderConfigReference());
  });
});

describe("loadWriter", () => {
  const settings = { idField: "key", tableIdFields: { T: "VIN" } };
  const fixture = `./${relative(process.cwd(), join(__dirname, "../../test/fixtures/writers.cjs"))}`;
  const load = (revisionWriter: string) => loadWriter({ ...settings, revisionWriter });

  it("makes the built-in writers with their settings", async () => {
    const base = await load("BaseRevisionWriter");
    expect(base).toBeInstanceOf(BaseRevisionWriter);
    expect(base.idField(T)).toBe("key");
    const mapper = await load("TableMapperRevisionWriter");
    expect(mapper).toBeInstanceOf(TableMapperRevisionWriter);
    expect(mapper.idField(T)).toBe("VIN");
  });

  it("constructs a class and calls a function that a module exports", async () => {
    expect((await load(`${fixture}#FieldWriter`)).idField(T)).toBe("fromClass");
    expect((await load(`${fixture}#makeWriter`)).idField(T)).toBe("key");
    expect((await load(`${fixture}#MapWriter`)).idField(T)).toBe("VIN");
  });

  it.each([
    ["NoSuchWriter", "neither a built-in writer"],
    ["./no/such/module.js#Writer", "no module that loads (Error: Cannot find module './no/such/module.js'"],
    [`${fixture}#missing`, "found no export of that name"],
    [`${fixture}#Demanding`, "given the configuration, it threw TypeError: driver is missing"],
    [`${fixture}#OtherClass`, "found a class that does not extend RevisionWriter"],
    [`${fixture}#notAWriter`, "no RevisionWriter"],
  ])("refuses %s", async (name, reason) => {
    await expect(load(name)).rejects.toThrow(WriterNotFoundError);
    await expect(load(name)).rejects.toThrow(reason);
  });
});
