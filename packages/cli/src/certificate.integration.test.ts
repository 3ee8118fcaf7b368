// SPDX-License-Identifier: MIT
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { writeExport } from "@ledger-loader/export";
import { encodeBlock, formatDigest } from "@ledger-loader/journal";
import { type CliResult, runWords, serve } from "../test/run-words";
import { sampleBlocks, sampleDigest, writeSampleExport, type SampleExport } from "../test/sample-export";

let folder: string;
let exported: SampleExport;
const at = (name: string): string => join(folder, name);
const blocks = sampleBlocks([0, 1, 2, 3, 4].map((n) => [{ n }]));

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "certificate-"));
  exported = await writeSampleExport(at("export"), blocks, { maxObjectBytes: 1 });
  writeFileSync(at("digest.json"), formatDigest(sampleDigest(blocks.slice(0, 4))));
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  writeFileSync(at("key.pem"), privateKey.export({ type: "pkcs8", format: "pem" }));
  writeFileSync(at("public.pem"), publicKey.export({ type: "spki", format: "pem" }));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const certify = (...more: readonly string[]): Promise<CliResult> =>
  runWords([
    "export",
    "verify",
    at("export"),
    "--digest",
    at("digest.json"),
    "--report",
    at("c.html"),
    ...more,
  ]);
const check = (...more: readonly string[]): Promise<CliResult> =>
  runWords(["certificate", "verify", at("c.html"), "--export", at("export"), ...more, "--json"]);
const failedChecks = (result: CliResult): string[] =>
  (result.json()["checks"] as { what: string; status: string }[])
    .filter(({ status }) => status !== "verified")
    .map(({ what, status }) => `${what} ${status}`);

describe("export verify --report FILE.html", () => {
  it("writes a page and its JSON, which certificate verify checks against the export and the key", async () => {
    const made = await certify("--sign-key", at("key.pem"));
    expect(made.stdout).toMatch(/^passed, anchored[^]*certificate: .*c\.html, .*c\.json\n$/);
    expect(readFileSync(at("c.html"), "utf8")).toContain("covered to block 3");
    const checked = await check("--public-key", at("public.pem"));
    expect(checked.exitCode).toBe(0);
    expect(failedChecks(checked)).toEqual([]);
    expect((checked.json()["checks"] as unknown[]).length).toBe(5);
  });

  it("holds for the export as it was: a file changed later is named", async () => {
    await certify();
    const [, second = ""] = exported.objectPaths;
    writeFileSync(second, readFileSync(second, "utf8").replace("{n:1}", "{n:7}"));
    const checked = await check();
    expect(checked.exitCode).toBe(1);
    expect(failedChecks(checked)).toEqual(["export failed", "export failed"]);
    expect(checked.stdout).toContain(".1-1.ion");
    rmSync(second);
    expect((await check()).exitCode).toBe(1);
  });

  it("is not comparable with an export of another strand", async () => {
    await certify();
    rmSync(at("export"), { recursive: true });
    const strandId = "A".repeat(22);
    const other = blocks
      .slice(0, 1)
      .map((block) => ({ ...block, blockAddress: { strandId, sequenceNo: 0 } }));
    await writeExport({
      folder: at("export"),
      ledgerName: "vehicles",
      strandId,
      format: "ion-text",
      blocks: other.map((block) => encodeBlock(block)),
    });
    expect(failedChecks(await check())).toContain("export not-comparable");
  });

  it("finds a page or a JSON that was changed", async () => {
    await certify("--sign-key", at("key.pem"));
    const page = readFileSync(at("c.html"), "utf8");
    writeFileSync(at("c.html"), page.replace("vehicles", "vessels"));
    expect(failedChecks(await check())).toEqual(["page failed"]);
    writeFileSync(at("c.html"), page);
    const json = readFileSync(at("c.json"), "utf8");
    writeFileSync(at("c.json"), json.replace('"blocks": 5', '"blocks": 6'));
    expect(failedChecks(await check())).toEqual(
      expect.arrayContaining(["hash failed", "signature failed", "page failed", "export failed"]),
    );
  });

  it("of a failed verification says so, and so does certificate verify", async () => {
    const [, second = ""] = exported.objectPaths;
    writeFileSync(second, readFileSync(second, "utf8").replace("{n:1}", "{n:7}"));
    expect((await certify()).exitCode).toBe(1);
    expect(readFileSync(at("c.html"), "utf8")).toContain("<strong>FAILED</strong>");
    const checked = await check();
    expect(checked.exitCode).toBe(1);
    expect(failedChecks(checked)).toEqual([]);
    const text = await runWords(["certificate", "verify", at("c.json")]);
    expect(text.stdout).toMatch(/^failed: the certificate says failed/);
    expect(text.stdout).toContain("not signed");
  });

  it("refuses a wrong key or folder before it verifies, and says how to fix it", async () => {
    expect((await certify("--sign-key", at("public.pem"))).stderr).toContain(
      "openssl genpkey -algorithm ed25519",
    );
    expect((await check("--public-key", at("key.pem"))).stderr).toMatch(/no such file|openssl pkey/);
    await certify();
    expect((await check("--public-key", at("key.pem"))).stderr).toContain("-pubout");
    const words = ["export", "verify", at("export"), "--report", join(folder, "none", "c.html")];
    expect((await runWords(words)).stderr).toContain("create it first");
    const unsigned = ["export", "verify", at("export"), "--sign-key", at("key.pem")];
    expect((await runWords(unsigned)).stderr).toContain("expected --report FILE.html beside --sign-key");
  });
});

describe("reconcile --report FILE.html", () => {
  it("certifies export and ledger, and certificate verify finds what the ledger lost later", async () => {
    const served = await serve(at("ledgers"));
    const { env } = served;
    await runWords(["ledger", "create", "copy"], { env });
    await runWords(["export", "replay", at("export"), "--to", "ledger:copy"], { env });
    const words = ["reconcile", at("export"), "--ledger", "copy", "--report", at("c.html")];
    const made = await runWords([...words, "--digest", at("digest.json")], { env });
    expect(made.stderr + made.stdout).toContain("verdict of the certificate: passed");
    expect(made.exitCode).toBe(0);
    expect(readFileSync(at("c.html"), "utf8")).toContain("Comparison of a journal export of ledger vehicles");
    expect(
      (
        await runWords(
          [...words, "--digest", at("digest.json")].slice(0, 4).concat("--digest", at("digest.json")),
          { env },
        )
      ).stderr,
    ).toContain("expected --report FILE.html beside --digest");
    const online = await check("--ledger", "copy", "--endpoint", served.endpoint);
    expect(failedChecks(online)).toEqual([]);
    await served.stop();
    expect(failedChecks(await check("--ledger", "copy", "--data", at("ledgers")))).toEqual([]);
    expect((await check("--data", at("ledgers"))).stderr).toContain("expected --ledger NAME");

    const later = await serve(at("ledgers"));
    await runWords(["ledger", "create", "other"], { env: later.env });
    await runWords(["ledger", "query", "other", "CREATE TABLE T"], { env: later.env });
    await later.stop();
    const foreign = await check("--ledger", "other", "--data", at("ledgers"));
    expect(failedChecks(foreign)).toEqual(["ledger not-comparable"]);
  });
});
