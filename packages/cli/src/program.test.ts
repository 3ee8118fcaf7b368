// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { runWords } from "../test/run-words";
import { COMMAND_HEADS, loadAllCommands, loadCommand } from "./commands";
import { VERSION } from "./program-name";

const names = COMMAND_HEADS.map(({ path }) => path.join(" "));

describe("--help", () => {
  it.each(names)("of %s shows how it is called, examples and exit codes", async (name) => {
    const { exitCode, stdout, stderr } = await runWords([...name.split(" "), "--help"]);
    expect(exitCode).toBe(0);
    expect(stderr).toBe("");
    expect(stdout).toContain(`Usage: ledger-loader ${name}`);
    expect(stdout).toContain(`  ledger-loader ${name}`);
    expect(stdout).toContain("--json");
    expect(stdout).toMatch(/Exit codes:\n {2}0 {2}\S/);
  });

  it.each(["-V", "--version"])("is beside %s, which prints the version", async (flag) => {
    expect(await runWords([flag])).toMatchObject({ exitCode: 0, stdout: `${VERSION}\n`, stderr: "" });
  });

  it("of the program lists every command that can be called", async () => {
    const { stdout, exitCode } = await runWords(["--help"]);
    expect(exitCode).toBe(0);
    for (const name of names) expect(stdout).toContain(`  ${name}`);
  });

  it("of the program groups commands, and shows examples, environment and documentation", async () => {
    const { stdout } = await runWords(["--help"]);
    const headings = [...stdout.matchAll(/^(\w[^\n]*):$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual([
      "Options",
      "Verify and move an export",
      "Load events",
      "Run and use a ledger",
      "Set up",
      "Examples",
      "Environment",
    ]);
    expect(stdout).toMatch(/^ {2}LEDGER_ENDPOINT +\S/m);
    expect(stdout).toContain("docs/start.md");
  });

  it("shows only options that exist: every example parses", async () => {
    const commands = loadAllCommands();
    for (const { examples, path } of commands) {
      for (const { command } of examples) {
        const [, called = ""] = command.split(/^(?:.*\| |(?:[A-Z_]+=\S+ )+)?ledger-loader /);
        const words = [...called.replace(/ > .*/, "").matchAll(/'([^']*)'|(\S+)/g)].map(
          ([, a, b]) => a ?? b ?? "",
        );
        expect(words.slice(0, path.length)).toEqual(path);
        const { stderr } = await runWords([...words, "--help"]);
        expect(stderr).toBe("");
        const known = commands.find((spec) => spec.path.join() === path.join())?.options ?? [];
        const flags = words.filter((word) => word.startsWith("--"));
        const declared = [...known.map(({ flags: text }) => text.split(" ")[0]), "--json", "--debug"];
        expect(flags.filter((flag) => !declared.includes(flag))).toEqual([]);
      }
    }
  });
});

describe("Commands", () => {
  it("are loaded by the words by which they are called, each alone", () => {
    for (const { path } of COMMAND_HEADS) {
      expect(loadCommand([...path, "--help"])?.path).toEqual(path);
      expect(loadCommand(["--", ...path])?.path).toEqual(path);
    }
  });

  it("describe each argument that the table names", () => {
    for (const { path, load, argumentNames } of COMMAND_HEADS) {
      expect([path, load().arguments?.length ?? 0]).toEqual([path, argumentNames.length]);
    }
  });
});

describe("help COMMAND", () => {
  it.each([
    [["help"], ["--help"]],
    [
      ["help", "load"],
      ["load", "--help"],
    ],
    [
      ["help", "export", "verify"],
      ["export", "verify", "--help"],
    ],
    [
      ["ledger", "help", "digest"],
      ["ledger", "digest", "--help"],
    ],
    [
      ["help", "ledger"],
      ["ledger", "--help"],
    ],
  ])("%s shows what %s shows", async (words, same) => {
    const { exitCode, stdout, stderr } = await runWords(words);
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stdout).toBe((await runWords(same)).stdout);
  });

  it("of an unknown command says so", async () => {
    const { exitCode, stderr } = await runWords(["help", "verify"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("unknown command 'verify'");
  });
});

describe("the width of the terminal", () => {
  const longest = (text: string): number => Math.max(...text.split("\n").map((line) => line.length));

  it.each(names)("wraps the help of %s, and breaks no word", async (name) => {
    const words = [...name.split(" "), "--help"];
    const read = (text: string): readonly string[] => text.replaceAll("\\\n", "").split(/\s+/);
    const whole = await runWords(words, { isTTY: true, columns: 10_000 });
    for (const columns of [40, 80]) {
      const { stdout } = await runWords(words, { isTTY: true, columns });
      expect(read(stdout)).toEqual(read(whole.stdout));
      // What is longer cannot be broken: one word, which may be a quoted one, before what continues a command.
      const long = stdout.split("\n").filter((line) => line.length > columns);
      expect(long.filter((line) => !/^ *(?:'[^']*'|[^' ])+(?: \\)?$/.test(line))).toEqual([]);
    }
  });

  it("wraps errors on a terminal, and nothing in a pipe", async () => {
    const words = ["ledger", "list", "--endpoint", "nowhere"];
    const { stderr } = await runWords(words, { isTTY: true, columns: 40, env: { NO_COLOR: "1" } });
    expect(stderr.trimEnd().split("\n").length).toBeGreaterThan(2);
    expect(longest(stderr)).toBeLessThanOrEqual(40);
    const piped = await runWords(words, { columns: 40 });
    expect(piped.stderr.trimEnd().split("\n")).toHaveLength(1);
  });
});

describe("an unknown command", () => {
  it.each([
    [["verify"], ["export verify", "proof verify", "certificate verify", "receipt verify", "ledger verify"]],
    [
      ["verfy", "x"],
      ["export verify", "proof verify", "certificate verify", "receipt verify", "ledger verify"],
    ],
    [["replay", "--to", "x"], ["export replay"]],
    [["ledger", "replay"], ["export replay"]],
    [["ledger", "list-ledgers"], []],
    [["export-verify"], ["export verify"]],
    [["Laod", "x"], ["load"]],
    [["create", "ledger"], ["ledger create"]],
    [["reconsile", "--help"], ["reconcile"]],
    [["nonsense"], []],
  ])("%s suggests %s", async (words, expected) => {
    const { exitCode, stdout, stderr } = await runWords(words);
    expect([exitCode, stdout]).toEqual([2, ""]);
    const [, suggested = ""] = /Did you mean ([^?]*)\?/.exec(stderr) ?? [];
    const commands = [...suggested.matchAll(/"ledger-loader ([^"]+)"/g)].map(([, name]) => name);
    expect(commands).toEqual(expected);
  });
});

describe("wrong usage", () => {
  it.each([
    [["nonsense"], /unknown command 'nonsense'.*"ledger-loader --help"/s],
    [
      ["ledger", "creat"],
      /unknown command 'creat'. Did you mean "ledger-loader ledger create"\? See "ledger-loader ledger --help"/,
    ],
    [["ledger", "create"], /missing required argument 'name'.*"ledger-loader ledger create --help"/],
    [["ledger", "list", "--bogus"], /unknown option '--bogus'.*"ledger-loader ledger list --help"/],
    [["ledger", "list", "--endpoint", "nowhere"], /such as http:\/\/127\.0\.0\.1:8182, found "nowhere"/],
    [["ledger", "serve", "--data", "x", "--port", "99999"], /--port to be a whole number from 0 to 65535/],
    [["ledger", "serve"], /expected --data, --postgres or LEDGER_LOADER_POSTGRES_URL, found none/],
    [["ledger", "accept-loss", "cars"], /required option '--data <folder>'/],
    [["ledger", "export", "x", "--output", "y", "--format", "json"], /ion-text, ion-binary/],
    [["ledger", "export", "x", "--output", "y", "--from", "yesterday"], /--from to be a time such as/],
    [["ledger", "query", "x", "SELECT 1", "--param", "{a:"], /--param to be an Ion value/],
    [["ledger", "query", "x", "SELECT 1", "--param", "two words"], /one Ion value, found 2/],
    [
      ["load", "x", "--to", "post:box"],
      /ledger:NAME, sqs:QUEUE-URL, sns:TOPIC-ARN, kafka:TOPIC, kinesis:STREAM or eventbridge:BUS, found "post:box"/,
    ],
    [
      ["load", "x", "--to", "ledger:"],
      /ledger:NAME, sqs:QUEUE-URL, sns:TOPIC-ARN, kafka:TOPIC, kinesis:STREAM or eventbridge:BUS/,
    ],
    [["load", "x", "--to", "kafka:"], /eventbridge:BUS, found "kafka:"/],
    [["export", "verify"], /missing required argument 'manifest'/],
    [["reconcile", "x"], /expected --ledger or --with, one of them/],
  ])("%s ends with exit code 2 and says what was expected", async (words, message) => {
    const { exitCode, stdout, stderr } = await runWords(words);
    expect(exitCode).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^error: .*\[USAGE\]\n$/s);
    expect(stderr).not.toContain("    at ");
  });

  it("prints the error as the one JSON document with --json", async () => {
    const result = await runWords(["ledger", "create", "--json"]);
    expect(result.exitCode).toBe(2);
    expect(result.json()).toEqual({
      error: { code: "USAGE", message: expect.stringContaining("missing required argument 'name'") },
    });
  });

  it("shows help when a group is called without a command", async () => {
    const { exitCode, stdout, stderr } = await runWords(["ledger"]);
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("ledger serve");
    expect(stderr).not.toContain("error:");
  });

  it("shows where an error came from only with --debug", async () => {
    const { stderr } = await runWords(["export", "verify", "/no/such/folder", "--debug"]);
    expect(stderr).toContain("[EXPORT_MANIFEST]");
    expect(stderr).toContain("    at ");
  });
});
