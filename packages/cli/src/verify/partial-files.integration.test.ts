// SPDX-License-Identifier: MIT
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { formatDigest } from "@ledger-loader/journal";
import { CommandProcess } from "../../test/command-process";
import { type CliResult, runWords } from "../../test/run-words";
import { type SampleExport, sampleBlocks, sampleDigest, writeSampleExport } from "../../test/sample-export";

let folder: string;
let exported: SampleExport;
const at = (name: string): string => join(folder, name);
const blocks = sampleBlocks([0, 1, 2, 3, 4, 5, 6, 7].map((n) => [{ n }]));

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "partial-files-"));
  exported = await writeSampleExport(at("export"), blocks, { maxObjectBytes: 1 });
  writeFileSync(at("digest.json"), formatDigest(sampleDigest(blocks)));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const whole = (...more: readonly string[]): string[] => [
  "export",
  "verify",
  at("export"),
  "--digest",
  at("digest.json"),
  ...more,
];
const partial = (range: string): Promise<CliResult> =>
  runWords(whole("--blocks", range, "--partial", at(`${range}.json`)));
const joinFiles = (ranges: readonly string[], ...more: readonly string[]): Promise<CliResult> =>
  runWords(["export", "verify", "--join", ...ranges.map((range) => at(`${range}.json`)), ...more]);

function damage(index: number): void {
  const path = exported.objectPaths[index] ?? "";
  writeFileSync(path, readFileSync(path, "utf8").replace(`{n:${index}}`, "{n:99}"));
}

/** The document of `--json`, but for the times. */
function timeless(stdout: string): string {
  return stdout.replace(/"(checkedAt|elapsedMs)": [^\n]*/g, "");
}

describe("export verify --partial and --join", () => {
  it("give the verdict of the whole, with a certificate that can be checked", async () => {
    for (const range of ["0-2", "3-6", "7-"]) expect((await partial(range)).exitCode).toBe(0);
    const joined = await joinFiles(["7-", "0-2", "3-6"], "--json");
    const once = await runWords(whole("--json"));
    expect(timeless(joined.stdout)).toBe(timeless(once.stdout));
    const certified = await joinFiles(["0-2", "3-6", "7-"], "--report", at("c.html"));
    expect(certified.stdout).toMatch(/^passed, anchored/);
    const checked = await runWords(["certificate", "verify", at("c.html"), "--export", at("export")]);
    expect(checked.exitCode).toBe(0);
  });

  it("find damage in the part and between the parts", async () => {
    damage(4);
    const part = await partial("3-6");
    expect([part.exitCode, part.stdout]).toEqual([1, expect.stringMatching(/^1 check failed in this part/)]);
    await partial("0-2");
    await partial("7-");
    const joined = await joinFiles(["0-2", "3-6", "7-"]);
    expect([joined.exitCode, joined.stdout]).toEqual([
      1,
      expect.stringMatching(/^failed: [^]*revision-hash 1/),
    ]);
  });

  it("refuse options that have no meaning there", async () => {
    expect((await joinFiles(["x"], "--blocks", "0-1")).stderr).toContain("expected --join alone");
    const report = await runWords(whole("--partial", at("p.json"), "--report", at("c.html")));
    expect(report.stderr).toContain("a part has no verdict");
    const workers = await runWords(whole("--workers", "none"));
    expect(workers.stderr).toContain("a number from 1 to 1024");
  });
});

describe("export verify --workers", () => {
  it("verifies by itself where a thread fails", async () => {
    // In this process the command runs from its sources, which have no program for a thread.
    damage(3);
    const one = await runWords(whole("--workers", "1", "--json"));
    const three = await runWords(whole("--workers", "3", "--json"));
    expect([three.exitCode, timeless(three.stdout)]).toEqual([1, timeless(one.stdout)]);
  });

  it("prints on several threads what it prints on one, sound or damaged", async () => {
    const process = new CommandProcess();
    try {
      for (const change of [
        () => undefined,
        () => {
          damage(5);
        },
        () => {
          rmSync(exported.objectPaths[2] ?? "");
        },
      ]) {
        change();
        const one = await process.run(whole("--workers", "1", "--json"));
        const three = await process.run(whole("--workers", "3", "--json"));
        expect(timeless(three.stdout)).toBe(timeless(one.stdout));
        expect(three.exitCode).toBe(one.exitCode);
      }
    } finally {
      const { exitCode, output } = await process.close();
      expect([exitCode, output]).toEqual([0, ""]);
    }
  });
});
