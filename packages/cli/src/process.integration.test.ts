// SPDX-License-Identifier: MIT
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { buildPackage, startLedger, type TestLedger } from "@ledger-loader/testkit";

const root = join(__dirname, "..", "..", "..");
const main = join(__dirname, "..", "dist", "main.js");
let folder: string;
let cars: TestLedger;

beforeAll(async () => {
  // What users run is the built program; after a build this does nothing.
  buildPackage(join(root, "packages", "cli"));
  folder = mkdtempSync(join(tmpdir(), "cli-process-"));
  cars = await startLedger({ name: "commented", tables: { Car: [] } });
});
afterAll(async () => {
  await cars.close();
  rmSync(folder, { recursive: true, force: true });
});

async function run(
  words: readonly string[],
  env: Record<string, string> = {},
): Promise<[number, string, string]> {
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [main, ...words], {
      env: { PATH: process.env["PATH"] ?? "", ...env },
    });
    return [0, stdout, stderr];
  } catch (error) {
    const { code, stdout, stderr } = error as {
      readonly code: number;
      readonly stdout: string;
      readonly stderr: string;
    };
    return [code, stdout, stderr];
  }
}

async function serve(): Promise<{ readonly process: ChildProcess; readonly endpoint: string }> {
  const child = spawn(process.execPath, [
    main,
    "ledger",
    "serve",
    "--data",
    join(folder, "data"),
    "--port",
    "0",
  ]);
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    const endpoint = /http:\/\/[\d.:]+/.exec(chunk.toString())?.[0];
    if (endpoint !== undefined) return { process: child, endpoint };
  }
  throw new Error("the server ended before it listened");
}

describe("the program as a process", () => {
  it.each(["SIGTERM", "SIGINT"] as const)("serves ledgers until %s, and ends with 0", async (signal) => {
    const server = await serve();
    const name = `by-${signal.toLowerCase()}`;
    const env = { LEDGER_ENDPOINT: server.endpoint };
    expect(await run(["ledger", "create", name], env)).toEqual([
      0,
      `created ledger ${name} at ${server.endpoint}\n`,
      "",
    ]);
    const [code, stdout, stderr] = await run(["ledger", "list", "--json"], env);
    expect([code, stderr]).toEqual([0, ""]);
    expect(JSON.parse(stdout)).toMatchObject({
      ledgers: expect.arrayContaining([expect.objectContaining({ name })]),
    });
    const ended = once(server.process, "exit");
    server.process.kill(signal);
    expect(await ended).toEqual([0, null]);
  });

  it.each([
    ["a blank", "-- cars\nSELECT VALUE 1 FROM Car", []],
    ["a word", "--cars\nSELECT VALUE 1 FROM Car", ["--json"]],
    ["a line break", "--\n-- = cars\nSELECT VALUE 1 FROM Car", []],
  ])("runs a statement that begins with a comment, %s behind the hyphens", async (_, statement, more) => {
    const env = { LEDGER_ENDPOINT: cars.endpoint };
    const [code, , stderr] = await run(["ledger", "query", cars.name, statement, ...more], env);
    expect([code, stderr]).toEqual([0, ""]);
    const behind = await run(["ledger", "query", cars.name, ...more, "--", statement], env);
    expect([behind[0], behind[2]]).toEqual([0, ""]);
  });

  it.each([
    ["standard output", `"$@" --help | true`],
    ["standard error", `"$@" ledger list --bogus 2>&1 >&- | true`],
  ])("ends quietly when nobody reads its %s, as SIGPIPE ends other programs", async (_, pipeline) => {
    const script = `${pipeline}; echo "\${PIPESTATUS[0]}"`;
    const words = ["-c", script, "bash", process.execPath, main];
    const { stdout, stderr } = await promisify(execFile)("bash", words);
    expect([stdout, stderr]).toEqual(["141\n", ""]);
  });

  it("writes no colours into a pipe, and ends with 2 on wrong usage", async () => {
    const [code, stdout, stderr] = await run(["ledger", "list", "--bogus"]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toBe(
      "error: unknown option '--bogus'; see \"ledger-loader ledger list --help\" [USAGE]\n",
    );
  });
});
