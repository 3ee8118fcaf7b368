// SPDX-License-Identifier: MIT
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { describeWhen } from "@ledger-loader/testkit";
import { codeBlocksOf, programWords, shellLines, type CodeBlock } from "../../test/documented-commands";
import { runWords, serve } from "../../test/run-words";
import { checkUnit, unitCheck } from "../../test/systemd-unit";
import { openServerMetrics } from "./server-metrics";
import { SERVE_OPTIONS } from "./serve-options";

const GUIDE = "docs/guides/run-a-ledger-on-a-server.md";
const blocks = codeBlocksOf(GUIDE);
const guide = readFileSync(join(__dirname, "../../../..", GUIDE), "utf8");
const dockerfile = readFileSync(join(__dirname, "../../../../Dockerfile"), "utf8");

function blockWith(text: string): CodeBlock {
  const found = blocks.find((block) => block.text.includes(text));
  if (found === undefined) throw new Error(`Expected a block of the guide with ${text}, found none.`);
  return found;
}

const unit = blockWith("[Service]").text;

describe("The guide to running a ledger on a server", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "cli-guide-"));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it("names only variables that ledger serve reads, as the Dockerfile does", () => {
    const known = new Set(SERVE_OPTIONS.map(({ env }) => env));
    const named = `${guide}\n${dockerfile}`.match(/\b(?:LEDGER_SERVE|LEDGER_LOADER|HEALTH)_[A-Z_]+\b/g) ?? [];
    expect(new Set(named).size).toBeGreaterThan(8);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
    expect(unit).toContain("\nExecStart=/usr/local/bin/ledger-loader ledger serve\n");
    expect(dockerfile).toContain('\nCMD ["ledger", "serve"]\n');
  });

  it("watches only metrics that a server has", async () => {
    const page = await (await openServerMetrics()).render(true);
    const metrics = new Set([...page.matchAll(/^# TYPE (\w+) /gm)].map(([, name]) => name));
    const named = guide.match(/\b(?:ledger_server|process|nodejs)_\w+/g) ?? [];
    expect(new Set(named).size).toBeGreaterThan(8);
    expect(named.filter((name) => !metrics.has(name.replace(/_bucket$/, "")))).toEqual([]);
  });

  it("restores a backup, which verifies against the digest that was printed with it", async () => {
    const data = join(folder, "data");
    const server = await serve(data);
    await runWords(["ledger", "create", "vehicles"], { env: server.env });
    await runWords(["ledger", "query", "vehicles", "CREATE TABLE T"], { env: server.env });
    const here = (text: string): string =>
      text
        .replaceAll("/var/lib/ledger-loader", data)
        .replaceAll("/backup", folder)
        .replace("install -o ledger", "install");
    const run = async (line: string): Promise<string> => {
      const words = programWords(line) ?? [];
      const { exitCode, stdout, stderr } = await runWords(words, { env: server.env });
      if (exitCode !== 0) throw new Error(`${line}: ${stderr}${stdout}`);
      return stdout;
    };
    const [backup = ""] = shellLines({
      ...blockWith("ledger backup"),
      text: here(blockWith("ledger backup").text),
    });
    writeFileSync(join(folder, "monday.json"), await run(backup));
    // What comes after the backup is lost by restoring it.
    await runWords(["ledger", "query", "vehicles", "INSERT INTO T {'n': 1}"], { env: server.env });
    await server.stop();
    for (const line of shellLines(blockWith("install -o ledger -m 600")).map(here)) {
      if (programWords(line) === undefined) execFileSync("sh", ["-c", line]);
      else expect(await run(line)).toMatch(/^passed, anchored: /);
    }
    const restored = await serve(data);
    const rows = await runWords(["ledger", "query", "vehicles", "SELECT * FROM T", "--json"], {
      env: restored.env,
    });
    expect(rows.json()).toMatchObject({ rows: [] });
    await restored.stop();
  });
});

describeWhen(unitCheck, describe)("The guide's systemd unit", () => {
  it("is one that systemd understands", () => {
    expect(checkUnit(unit, "ledger-loader.service")).toEqual([0, []]);
  });
});
