// SPDX-License-Identifier: MIT
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { buildPackage } from "@ledger-loader/testkit";
import { STACK_USAGE, toStackCommand } from "./stack-command";

const FIXTURES = path.join(__dirname, "../../test/fixtures");
const toArgs = (...words: string[]) => toStackCommand(words, FIXTURES, "APP").args;

describe("the command of the stacks", () => {
  it("means the loaders of a channel, one by its id, or all", () => {
    expect(toArgs("deploy", "sqs")).toEqual([
      "deploy",
      "LedgerLoader-orders",
      "LedgerLoader-orders-us",
      "--exclusively",
      "--app",
      "APP",
    ]);
    expect(toArgs("destroy", "replica")[1]).toBe("LedgerLoader-replica");
    expect(toArgs("synth", "all")).toEqual(
      expect.arrayContaining(["LedgerLoader-replica", "LedgerLoaderDashboard-eu-west-1", "--quiet"]),
    );
    expect(toArgs("deploy", "dashboard").slice(1, 4)).toEqual([
      "LedgerLoaderDashboard-eu-west-1",
      "LedgerLoaderDashboard-us-east-1",
      "--exclusively",
    ]);
  });

  it("takes a loader from flags, and hands what is behind -- to cdk", () => {
    const words = ["deploy", "kinesis", "--ledger-name", "cars", "--shardCount=3", "--", "--profile", "prod"];
    const { args, environment } = toStackCommand(words, "/home/me", "APP");
    expect(args).toEqual([
      "deploy",
      "LedgerLoader-kinesis",
      "--exclusively",
      "--app",
      "APP",
      "--profile",
      "prod",
    ]);
    expect(environment).toEqual({
      LOADER_DEFINITION: `{"loaders":[{"channel":"kinesis","ledgerName":"cars","shardCount":"3"}]}`,
      LOADER_FOLDER: "/home/me",
    });
  });

  it.each([
    [["launch", "sqs"], "expected deploy, diff, synth, destroy, found launch"],
    [["deploy", "--all"], "expected a channel, an id or all, found none"],
    [
      ["deploy", "msk"],
      "expected a loader of the configuration named msk, or of that channel, found orders (sqs)",
    ],
    [["deploy", "sqs", "--bach-size", "3", "extra"], "found --bach-size; did you mean --batch-size?"],
    [["deploy", "sqs", "--profile", "prod"], "found --profile; what cdk takes goes behind --"],
    [["deploy", "sqs", "--batch-size"], "expected a value behind --batch-size, found none"],
    [
      ["deploy", "sqs", "--ledger-name", "x", "--config", "a.ts"],
      "expected --config, or parameters as flags, found both",
    ],
    [["deploy", "sqs", "--batch-size", "50"], "ledgerName: expected 1 to 32 letters"],
    [["deploy", "sqs", "--config", "missing.ts"], "expected a file, found none at"],
  ])("says what is wrong with %j", (words, message) => {
    expect(() => toArgs(...words)).toThrow(message);
  });
});

describe("the program", () => {
  let folder: string;
  const program = path.join(__dirname, "../../dist/bin/stacks.js");
  const run = (...words: string[]) =>
    spawnSync(process.execPath, [program, ...words], {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, INIT_CWD: folder },
    });
  beforeAll(() => {
    buildPackage(path.join(__dirname, "../.."));
    folder = mkdtempSync(path.join(tmpdir(), "stacks-"));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it("synthesizes the configured stacks where the user stands, offline", () => {
    const { status, stdout, stderr } = run(
      "synth",
      "sqs",
      "--config",
      path.join(FIXTURES, "loader.config.ts"),
    );
    expect({ status, stderr: status === 0 ? "" : stderr }).toEqual({ status: 0, stderr: "" });
    expect(`${stdout}${stderr}`).not.toMatch(/warning|feature flags/i);
    const manifest = readFileSync(path.join(folder, "cdk.out/manifest.json"), "utf8");
    expect(manifest).toContain("aws://unknown-account/us-east-1");
    expect(existsSync(path.join(folder, "cdk.out/LedgerLoader-orders.template.json"))).toBe(true);
  });

  it("ends with 2 and says what is wrong, and shows its usage", () => {
    const wrong = run("synth", "sqs", "--ledger-name", "x--");
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toContain('ledgerName: expected 1 to 32 letters, digits and hyphens, found "x--"');
    expect(run("--help")).toMatchObject({ status: 0, stdout: STACK_USAGE });
    expect(run()).toMatchObject({ status: 2, stdout: STACK_USAGE });
  });
});
