// SPDX-License-Identifier: MIT
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { runWords, serve, type CliResult, type ServedLedgers } from "../test/run-words";

let folder: string;
let server: ServedLedgers;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cli-"));
  server = await serve(join(folder, "data"));
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function run(...words: string[]): Promise<CliResult> {
  return runWords(words, { env: server.env });
}

describe("errors that people run into", () => {
  it("no manifest, and some that do not follow one another", async () => {
    const empty = mkdtempSync(join(folder, "empty-"));
    // As in a clone in which ./scripts/demo ran: what is hidden is not found.
    const hidden = mkdtempSync(join(empty, ".ledger-loader-"));
    writeFileSync(join(hidden, "a.s.completed.manifest"), "{keys: []}");
    const none = await run("export", "verify", empty);
    expect([none.exitCode, none.stderr]).toEqual([
      2,
      expect.stringMatching(/completed\.manifest in .*, found none/),
    ]);
    for (const [name, range] of Object.entries({ a: "0-9", b: "5-9", c: "10-12" })) {
      writeFileSync(join(empty, `${name}.s.completed.manifest`), `{keys: ["s.${range}.ion"]}`);
    }
    const several = await run("export", "verify", empty);
    expect([several.exitCode, several.stderr]).toEqual([
      2,
      expect.stringMatching(/found an overlap [^]*\n +\S+b\.s\.completed\.manifest \(blocks 5 to 9\)\n/),
    ]);
  });

  it("a part of an export that holds nothing, which must not look like one that was checked", async () => {
    const sample = join(__dirname, "..", "..", "..", "docs", "examples", "sample-export");
    const part = ["--blocks", "100-200"];
    for (const words of [
      ["export", "verify", sample, ...part],
      ["export", "print", sample, ...part],
      ["export", "stats", sample, ...part],
      ["export", "replay", sample, "--to", "ledger:part", "--data", join(folder, "part"), ...part],
    ]) {
      const result = await run(...words);
      expect([result.exitCode, result.stderr.replace(/\s+/g, " ")]).toEqual([
        2,
        expect.stringContaining("blocks of the export, which holds 0 to 8, found 100-200"),
      ]);
    }
    expect(existsSync(join(folder, "part"))).toBe(false);
    await run("ledger", "create", "tables");
    const mistyped = await run("reconcile", sample, "--ledger", "tables", "--tables", "vehicle");
    expect([mistyped.exitCode, mistyped.stderr]).toEqual([
      2,
      expect.stringContaining("found vehicle in neither"),
    ]);
    const oneOfTwo = await run("reconcile", sample, "--ledger", "tables", "--tables", "Vehicle,vehicle");
    expect([oneOfTwo.exitCode, oneOfTwo.stderr]).toEqual([
      2,
      expect.stringContaining("found vehicle in neither"),
    ]);
    const receipts = join(folder, "no.receipts");
    writeFileSync(receipts, "");
    const none = await run("receipt", "verify", receipts, "--export", sample);
    expect([none.exitCode, none.stderr]).toEqual([2, expect.stringContaining("found none: name the file")]);
  });

  it("none: an export that is named twice, or whose manifests were copied or have a byte order mark", async () => {
    const copied = join(folder, "copied");
    cpSync(join(__dirname, "..", "..", "..", "docs", "examples", "sample-export"), copied, {
      recursive: true,
    });
    const [name = ""] = readdirSync(copied).filter((each) => each.endsWith(".completed.manifest"));
    const manifest = join(copied, name);
    copyFileSync(manifest, manifest.replace(".completed", " (1).completed"));
    expect((await run("export", "verify", copied, manifest)).exitCode).toBe(0);
    for (const file of readdirSync(copied).map((each) => join(copied, each))) {
      if (file.endsWith(".manifest")) writeFileSync(file, `\ufeff${readFileSync(file, "utf8")}`);
    }
    expect((await run("export", "verify", copied)).exitCode).toBe(0);
    writeFileSync(manifest, readFileSync(manifest, "utf8"), "utf16le");
    const wrong = await run("export", "verify", manifest);
    expect([wrong.exitCode, wrong.stderr.replace(/\s+/g, " ")]).toEqual([
      2,
      expect.stringContaining("text in UTF-16"),
    ]);
  });

  it.each([
    ["load", "x.jsonl", "--to", "ledger:any"],
    ["export", "verify", "nowhere"],
    ["reconcile", "nowhere", "--ledger", "any"],
  ])("a file that is not there: %s %s", async (...words) => {
    const result = await run(...words);
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toMatch(/^error: /);
    expect(result.stderr).not.toContain("bug");
  });

  it("a ledger that the server does not have", async () => {
    for (const words of [
      ["ledger", "query", "no-such", "SELECT * FROM T"],
      ["ledger", "verify", "no-such"],
      ["load", "-", "--to", "ledger:no-such"],
    ]) {
      const result = await run(...words);
      expect(result.exitCode).toBe(2);
      expect(result.stderr).toMatch(/has no ledger "no-such": "ledger-loader ledger list" shows/);
    }
  });

  it("a server that is not running", async () => {
    for (const words of [
      ["ledger", "list"],
      ["ledger", "query", "any", "SELECT * FROM T"],
      ["ledger", "verify", "any"],
      ["load", "-", "--to", "ledger:any"],
    ]) {
      const result = await runWords(words, { env: { LEDGER_ENDPOINT: "http://127.0.0.1:1" } });
      expect(result.exitCode).toBe(2);
      expect(result.stderr).toMatch(
        /^error: no ledger server answers at http:\/\/127\.0\.0\.1:1, found nothing that listens there\. Start one with/,
      );
    }
  });

  it("a port that is taken, and a data folder that is none", async () => {
    const port = new URL(server.endpoint).port;
    const taken = await run("ledger", "serve", "--data", join(folder, "other"), "--port", port);
    expect([taken.exitCode, taken.stderr]).toEqual([2, expect.stringContaining("found it taken")]);
    const missing = await run("ledger", "verify", "x", "--data", join(folder, "typo"));
    expect([missing.exitCode, missing.stderr]).toEqual([2, expect.stringContaining("found nothing there")]);
  });
});
