// SPDX-License-Identifier: MIT
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { load } from "ion-js";
import { type LogLine, runWords, serve, type ServedLedgers } from "../test/run-words";
import { startGateBefore } from "../test/gate";
import { typeTo } from "../test/typed-shell";
import { optionsFromEnvironment } from "./options/environment-options";
import { LOG_OPTIONS, logChoice } from "./options/log-options";
import { COMMON_OPTIONS } from "./program";

/** Characters that a terminal acts upon, but for the end of a line. */
const UNPRINTABLE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e\u2066]/;

let folder: string;
let server: ServedLedgers;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cli-refused-"));
  server = await serve(folder);
  await runWords(["ledger", "create", "cars"], { env: server.env });
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

it.each(["SELEC", "SELECT * FROM", "SELECT * FROM Nope", "CREATE TABLE Order", "SELECT 1; SELECT 2"])(
  "a refused statement gets what the ledger says, and no advice for events: %s",
  async (statement) => {
    const { exitCode, stderr } = await runWords(["ledger", "query", "cars", statement], { env: server.env });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^error: The ledger refused the statement: [^\n]*\[STATEMENT_REFUSED\]\n$/);
    expect(stderr).not.toMatch(/event|limits|found: Expected/);
  },
);

it("a statement is read from standard input, with or without a semicolon at its end", async () => {
  const query = (stdin: string) =>
    runWords(["ledger", "query", "cars", "-", "--json"], { env: server.env, stdin });
  for (const text of [
    "SELECT name\nFROM information_schema.user_tables\n",
    "SELECT 1 AS one FROM << 1 >>;\n",
  ]) {
    expect((await query(text)).exitCode).toBe(0);
  }
  const { exitCode, stderr } = await query(" \n");
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining("on standard input, found nothing")]);
});

it("rows print nothing that a terminal obeys, and lose nothing: names, values, in every form", async () => {
  const evil = { "x\u001b[2J": "\u202egpj.exe\u009b2J", list: ["\u2066\u007f", "Zoë 車"] };
  const literal = `\`${JSON.stringify(evil)}\``;
  const { env } = server;
  await runWords(["ledger", "query", "cars", "CREATE TABLE Evil"], { env });
  await runWords(["ledger", "query", "cars", `INSERT INTO Evil ${literal}`], { env });
  const query = ["ledger", "query", "cars", "SELECT * FROM Evil"];
  const shown = [
    ...["ion", "pretty", "json"].map((form) => ["ledger", "shell", "cars", "--format", form]),
    query,
    [...query, "--json"],
  ];
  for (const words of shown) {
    const { stdout } = await runWords(words, { env, stdin: "SELECT * FROM Evil;" });
    expect(stdout).not.toMatch(UNPRINTABLE);
    const value = load(stdout)!;
    const row = words.includes("--json") ? value.get("rows", 0)! : value;
    expect(JSON.parse(JSON.stringify(row))).toEqual(evil);
  }
  const table = ["ledger", "shell", "cars", "--format", "table"];
  expect((await runWords(table, { env, stdin: "SELECT * FROM Evil;" })).stdout).not.toMatch(UNPRINTABLE);
});

it("a replay hints at the comparison of what was replayed, where it was replayed to", async () => {
  const event = '{"op":"INSERT","table":"Car","id":"1","version":0,"data":{"a":1}}';
  const { env, endpoint } = server;
  await runWords(["load", "-", "--to", "ledger:cars"], { env, stdin: event });
  const exported = join(folder, "an export");
  await runWords(["ledger", "export", "cars", "--output", exported], { env });
  await runWords(["ledger", "create", "copy"], { env });
  const words = [
    "export",
    "replay",
    exported,
    "--to",
    "ledger:copy",
    "--id-field",
    "old",
    "--endpoint",
    endpoint,
  ];
  expect((await runWords(words)).stdout).toContain(
    "next: compare the ledger with the export\n" +
      `  ledger-loader reconcile '${exported}' --ledger copy --id-field old --endpoint ${endpoint}\n`,
  );
});

it("commands that describe, list, export and delete print documents as their schemas say", async () => {
  const { env } = server;
  const data = join(folder, "stopped");
  const output = join(folder, "described");
  await runWords(["ledger", "create", "gone"], { env });
  const event = '{"op":"INSERT","table":"Car","id":"1","version":0,"data":{"a":1}}';
  await runWords(["load", "-", "--to", "ledger:cars", "--data", data], { stdin: event });
  for (const words of [
    ["ledger", "describe", "cars"],
    ["ledger", "list"],
    ["ledger", "export", "cars", "--output", output],
    ["export", "tables", output],
    ["export", "print", output],
    ["export", "stats", output],
    ["ledger", "delete", "gone"],
    ["ledger", "rebuild", "cars", "--data", data],
    ["ledger", "accept-loss", "cars", "--data", data],
  ]) {
    // `runWords` checks each document.
    expect([words, (await runWords([...words, "--json"], { env })).exitCode]).toEqual([words, 0]);
  }
});

it("-q leaves the result and errors, -v logs what is done, and both are refused", async () => {
  const event = '{"op":"INSERT","table":"Car","id":"q","version":0,"data":{"a":1}}';
  const load = (...more: readonly string[]) =>
    runWords(["load", "-", "--to", "ledger:cars", ...more], { env: server.env, stdin: event });
  const quiet = await load("-q");
  expect([quiet.exitCode, quiet.stderr]).toEqual([0, ""]);
  expect(quiet.stdout).toContain("loaded into ledger:cars");
  const verbose = await load("-v", "--log-ids", "hash");
  const lines = verbose.stderr.trim().split("\n");
  expect(lines.map((line) => (JSON.parse(line) as LogLine).msg)).toEqual([
    "event skipped",
    "batch loaded",
    "command ended",
  ]);
  expect(JSON.parse(lines[0]!)).toMatchObject({ table: "Car", id: expect.stringMatching(/^#[\w-]{12}$/) });
  const both = await load("-q", "-v");
  expect([both.exitCode, both.stderr]).toEqual([
    2,
    expect.stringContaining("--quiet or --verbose, found both"),
  ]);
});

it("-q and -v set the level of a log, unless an option names it; they go before the environment", () => {
  expect(logChoice({})).toEqual({ level: "info", format: "auto" });
  expect(logChoice({ quiet: true }).level).toBe("error");
  expect(logChoice({ verbose: true }).level).toBe("debug");
  expect(logChoice({ verbose: true, logLevel: "warn", logFormat: "json" })).toEqual({
    level: "warn",
    format: "json",
  });
  const spec = LOG_OPTIONS[0]!;
  const levelOf = (isQuiet: boolean) =>
    optionsFromEnvironment(
      [
        { spec, name: "logLevel", isGiven: false },
        { spec: COMMON_OPTIONS[1]!, name: "quiet", isGiven: isQuiet },
      ],
      { LOG_LEVEL: "DEBUG" },
    );
  expect([levelOf(false), levelOf(true)]).toEqual([{ logLevel: "debug" }, {}]);
});

describe("ledger shell", () => {
  const run = (stdin: string, ...more: readonly string[]) =>
    runWords(["ledger", "shell", "cars", ...more], { env: server.env, stdin });

  it("runs the statements of standard input, in transactions where they say so", async () => {
    const { exitCode, stdout, stderr } = await run(
      "CREATE TABLE Part;\nstart\nINSERT INTO Part <<{'n': 1},\n {'n': 2}>>;\ncommit\n" +
        "begin; DELETE FROM Part; rollback;\nSELECT n FROM Part WHERE n = 2",
    );
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stdout.trim().split("\n").slice(-1)).toEqual(["{n:2}"]);
    const table = await run("format table; SELECT n, 'a' AS b FROM Part WHERE n = 1;");
    expect(table.stdout).toBe("n  b\n1  a\n");
  });

  it("ends at the first error, says where, and aborts what is open", async () => {
    const failed = await run("start\nINSERT INTO Part {'n': 9};\n\nSELEC 1;\ncommit\n", "--json");
    expect([failed.exitCode, failed.stderr]).toEqual([
      1,
      expect.stringMatching(/^error: line 4: The ledger refused .*\[SCRIPT\]\n$/),
    ]);
    expect(failed.json()).toMatchObject({
      ledger: "cars",
      statements: [{ line: 2, statement: "INSERT INTO Part {'n': 9}", rows: [{}] }],
      error: { code: "SCRIPT", line: 4 },
    });
    const open = await run("start; INSERT INTO Part {'n': 9};");
    expect([open.exitCode, open.stderr]).toEqual([1, expect.stringContaining("found an open transaction")]);
    const twice = await run("start\nstart\n");
    expect([twice.exitCode, twice.stderr]).toEqual([1, expect.stringContaining("line 2: expected no open")]);
    expect((await run("SELECT COUNT(*) AS n FROM Part;")).stdout).toBe("{n:2}\n");
  });

  it("tells that a transaction was lost to another one", async () => {
    const shell = typeTo(["ledger", "shell", "cars", "--no-history"], server.env);
    await shell.type("", /cars> /);
    await shell.type("start\rUPDATE Part SET m = 1 WHERE n = 1;\r", /1 row.*cars\*> /s);
    await run("UPDATE Part SET m = 2 WHERE n = 1;");
    const shown = await shell.type("commit\r", /cars> /);
    expect(shown.replace(/\s+/g, " ")).toContain(
      "nothing of it is committed: another transaction has changed",
    );
    await shell.type("exit\r", /exit/);
    expect(await shell.ended).toBe(0);
  });

  it("at a terminal takes several lines, shows errors and their place, and keeps a history of whole statements", async () => {
    const shell = typeTo(["ledger", "shell", "cars"], { ...server.env, XDG_STATE_HOME: folder });
    await shell.type("", /cars> /);
    await shell.type("SELECT n FROM Part -- all\r", /-> /);
    expect(await shell.type("WHERE n = 2;\r", /cars> /)).toMatch(/\n\{n:2\}\n1 row, .*\n/);
    expect(await shell.type("SELECT n FROM Part WHEREE n\r\r", /STATEMENT_REFUSED.*cars> /s)).toMatch(
      / {2}SELECT n FROM Part WHEREE n\n {28}\^\n/,
    );
    expect(await shell.type("format pretty\r \u0015 tables\r", /Part\n.*cars> /s)).toContain("format pretty");
    await shell.type("SELECT 1 FRO\u0003", /\^C/);
    expect(await shell.type("\u0003", /\^C/)).toContain("Ctrl-D or exit leaves");
    await shell.type("\u0004", /$/);
    expect(await shell.ended).toBe(0);
    const file = join(folder, "ledger-loader", "history");
    expect(readFileSync(file, "utf8").split("\n")).toEqual([
      "SELECT n FROM Part WHERE n = 2",
      "SELECT n FROM Part WHEREE n",
      "format pretty",
      "",
    ]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it("at a terminal cancels the running statement with Ctrl-C, and goes on", async () => {
    const rows = Array.from({ length: 40 }, (_, i) => `{'i': ${i}}`).join();
    await run(`CREATE TABLE N;${`INSERT INTO N <<${rows}>>;`.repeat(4)}`);
    const shell = typeTo(["ledger", "shell", "cars", "--no-history"], server.env);
    await shell.type("", /cars> /);
    await shell.type("SELECT COUNT(*) FROM N AS a, N AS b, N AS c, N AS d;\r", /AS d;/);
    expect(await shell.type("\u0003", /cars> /)).toContain("the statement was cancelled");
    expect(await shell.type("SELECT n FROM Part WHERE n = 1;\r", /cars> /)).toContain("{n:1}");
    await shell.type("\u0004", /$/);
    expect(await shell.ended).toBe(0);
  });

  it.each([
    ["StartSession", "start\r", "nothing of it is committed"],
    ["StartTransaction", "SELECT n FROM Part;\r", "nothing of it is committed"],
    ["ExecuteStatement", "start\rSELECT n FROM Part;\r", "its statement was cancelled"],
    ["CommitTransaction", "UPDATE Part SET m = 3;\r", "whether it was committed is not known"],
    ["AbortTransaction", "start\rabort\r", "transaction aborted"],
  ])(
    "at a terminal waits no longer with Ctrl-C for a server that keeps %s",
    async (command, typed, expected) => {
      const gate = await startGateBefore(server.endpoint, (body) => body.includes(`"${command}"`));
      const env = { ...server.env, LEDGER_ENDPOINT: gate.endpoint };
      const shell = typeTo(["ledger", "shell", "cars", "--no-history"], env);
      await shell.type("", /cars> /);
      void shell.type(typed, /./);
      await gate.shut;
      const shown = await shell.type("\u0003", /cars> $/);
      expect(shown.replace(/\s+/g, " ")).toContain(expected);
      gate.open();
      await shell.type("\u0004", /$/);
      expect(await shell.ended).toBe(0);
      await gate.close();
    },
  );
});
