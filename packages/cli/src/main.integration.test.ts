// SPDX-License-Identifier: MIT
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync, cpSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { receiveAll, startSqs, type SqsEmulator } from "@ledger-loader/testkit";
import { runWords, serve, type CliResult, type ServedLedgers } from "../test/run-words";

let folder: string;
let server: ServedLedgers;

const EVENTS = [
  { op: "INSERT", table: "Vehicle", id: "a", version: 0, data: { VIN: "A1", price: 12.5 } },
  { op: "INSERT", table: "Vehicle", id: "b", version: 0, data: { VIN: "B1" } },
  { op: "UPDATE", table: "Vehicle", id: "a", version: 1, data: { VIN: "A1", price: 13.5 } },
  { op: "DELETE", table: "Vehicle", id: "b", version: 1 },
  { op: "INSERT", table: "Person", id: "p", version: 0, data: { name: "x" } },
];
const JSON_LINES = EVENTS.map((event) => `${JSON.stringify(event)}\n`).join("");

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

async function ok(...words: string[]): Promise<CliResult> {
  const result = await run(...words);
  if (result.exitCode !== 0) throw new Error(`${words.join(" ")}: ${result.stdout}${result.stderr}`);
  return result;
}

/** A ledger with the events, and its export. */
async function loadedAndExported(name: string): Promise<string> {
  const events = join(folder, `${name}.jsonl`);
  writeFileSync(events, JSON_LINES);
  await ok("ledger", "create", name);
  await ok("load", events, "--to", `ledger:${name}`, "--id-field", "sourceId");
  await ok("ledger", "export", name, "--output", join(folder, name));
  return join(folder, name);
}

describe("moving an export, from verify to reconcile", () => {
  it("verifies, replays, reconciles, and writes nothing when replayed again", async () => {
    const exported = await loadedAndExported("old");
    const digest = join(folder, "old-digest.json");
    writeFileSync(digest, (await ok("ledger", "digest", "old", "--json")).stdout);

    const plain = await ok("export", "verify", exported);
    expect(plain.stdout).toMatch(/^passed, consistent: /);
    expect(plain.stdout).toMatch(/TABLE +REVISIONS/);
    const anchored = await ok("export", "verify", exported, "--digest", digest, "--json");
    expect(anchored.json()).toMatchObject({
      verdict: "passed",
      assurance: "anchored",
      holds: true,
      ledgerName: "old",
      tool: { name: "ledger-loader" },
      manifests: [{ sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }, {}],
    });

    await ok("ledger", "create", "new");
    const replayed = await ok("export", "replay", exported, "--to", "ledger:new", "--json");
    expect(replayed.json()).toMatchObject({ written: 5, rejectedTotal: 0, leftOut: { bookkeeping: 1 } });
    const reconciled = await ok("reconcile", exported, "--ledger", "new");
    expect(reconciled.stdout).toMatch(
      /^equal: export and ledger new hold the same 5 revisions of 3 documents/,
    );
    const again = await ok("export", "replay", exported, "--to", "ledger:new", "--json");
    expect(again.json()).toMatchObject({ written: 0, skipped: { "already-applied": 5 } });
    const verified = await ok("ledger", "verify", "new", "--json");
    expect(verified.json()).toMatchObject({
      holds: true,
      assurance: "consistent",
      blocks: expect.any(Number),
    });
  });

  it("ends with 1 and says where when the ledger holds something else", async () => {
    const exported = await loadedAndExported("changed-old");
    await ok("ledger", "create", "changed-new");
    await ok("export", "replay", exported, "--to", "ledger:changed-new");
    await ok("ledger", "query", "changed-new", "UPDATE Person SET name = ?", "--param", '"y"');
    const report = join(folder, "report.json");
    const result = await run("reconcile", exported, "--ledger", "changed-new", "--report", report);
    expect(result.exitCode).toBe(1);
    expect(result.stdout).toMatch(/^not equal: 1 difference between export and ledger changed-new/);
    expect(result.stdout).toMatch(
      /@@ table Person, document \w+ @@\n +\+ version 1, block \d+: extra-revision/,
    );
    expect(JSON.parse(readFileSync(report, "utf8"))).toMatchObject({
      equal: false,
      differences: [{ kind: "extra-revision", table: "Person" }],
    });
  });

  it("ends with 1 and names the place when a byte of an export was changed", async () => {
    const exported = join(folder, "tampered");
    cpSync(await loadedAndExported("untampered"), exported, { recursive: true });
    const object = readdirSync(exported, { recursive: true, encoding: "utf8" })
      .map((name) => join(exported, name))
      .find((name) => name.endsWith(".ion") && statSync(name).isFile());
    writeFileSync(object ?? "", readFileSync(object ?? "", "utf8").replace("price:13.5", "price:99.5"));
    const result = await run("export", "verify", exported);
    expect(result.exitCode).toBe(1);
    expect(result.stdout).toMatch(/^failed: /);
    expect(result.stdout).toMatch(/failed revision-hash: .*\n +at block \d+, document \w{22}, version 1/);
  });

  it("is incomplete against a digest that is newer than the export", async () => {
    const exported = await loadedAndExported("cut");
    await ok("ledger", "query", "cut", "INSERT INTO Person VALUE {'name': 'later'}");
    const digest = join(folder, "later.json");
    writeFileSync(digest, (await ok("ledger", "digest", "cut", "--json")).stdout);
    expect((await run("export", "verify", exported)).exitCode).toBe(0);
    const result = await run("export", "verify", exported, "--digest", digest);
    expect(result.exitCode).toBe(3);
    expect(result.stdout).toMatch(/^incomplete: [^]*unchecked: [^]*next: add an export that reaches block/);
  });

  it("keeps ids in another field where the documents have the usual one already", async () => {
    await ok("ledger", "create", "twice");
    await runWords(["load", "-", "--to", "ledger:twice"], { env: server.env, stdin: JSON_LINES });
    const exported = join(folder, "twice");
    await ok("ledger", "export", "twice", "--output", exported, "--format", "ion-binary");
    await ok("ledger", "create", "twice-new");
    const replay = ["export", "replay", exported, "--to", "ledger:twice-new"];
    const conflict = await run(...replay, "--id-field", "oldDocumentId");
    expect(conflict).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("[ID_FIELD_TAKEN]") });
    const mapping = join(folder, "mapping.json");
    writeFileSync(mapping, '{"Vehicle": "vehicleId"}');
    const fields = ["--id-fields", mapping, "--id-field", "recordId"];
    await ok(...replay, ...fields);
    const reconciled = await ok("reconcile", exported, "--ledger", "twice-new", ...fields);
    expect(reconciled.stdout).toMatch(/Person +recordId/);
    expect(reconciled.stdout).toMatch(/Vehicle +vehicleId/);
  });
});

describe("replaying through a queue", () => {
  let sqs: SqsEmulator;
  beforeAll(async () => {
    sqs = await startSqs();
  });
  afterAll(async () => {
    await sqs.close();
  });

  it("sends every revision to a FIFO queue", async () => {
    const exported = await loadedAndExported("queued");
    const queue = await sqs.createQueue({ name: "events", fifo: true });
    const result = await runWords(["export", "replay", exported, "--to", `sqs:${queue.url}`], {
      env: { ...server.env, AWS_ENDPOINT_URL: sqs.endpoint },
    });
    expect(result.exitCode).toBe(0);
    expect(result.stdout).toContain("5 events: 5 sent to the channel");
    const bodies = (await receiveAll(sqs.client, queue.url)).map(({ Body }) => Body);
    expect(bodies).toHaveLength(5);
  });

  it("says which queue it could not reach", async () => {
    const exported = await loadedAndExported("unqueued");
    const result = await runWords(
      ["export", "replay", exported, "--to", `sqs:${sqs.endpoint}/000000000000/none.fifo`],
      {
        env: { ...server.env, AWS_ENDPOINT_URL: sqs.endpoint },
      },
    );
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toMatch(/^error: .*none\.fifo/);
  });
});

describe("load", () => {
  it("reports malformed events with line and reason, loads the others, and keeps what was rejected", async () => {
    await ok("ledger", "create", "loaded");
    const rejected = join(folder, "rejected.ion");
    const gap = '{"op":"UPDATE","table":"Vehicle","id":"z","version":3,"data":{"VIN":"Z"}}\n';
    const result = await runWords(["load", "-", "--to", "ledger:loaded", "--rejected", rejected], {
      env: server.env,
      stdin: `${JSON_LINES}{"op":"INSERT","table\n${gap}`,
    });
    expect(result.exitCode).toBe(1);
    expect(result.stdout).toContain("7 events: 5 written, 2 rejected");
    expect(result.stdout).toMatch(/line 6: malformed-event\. /);
    expect(result.stdout).toMatch(/line 7, Vehicle, z, version 3: version-gap\. /);
    const again = await run("load", rejected, "--to", "ledger:loaded", "--start-mid-history", "--json");
    expect(again.json()).toMatchObject({ events: 1, written: 1 });
    expect(again.exitCode).toBe(0);
  });

  it("never prints the content of a document", async () => {
    await ok("ledger", "create", "secretive");
    const secret =
      '{"op":"INSERT","table":"Vehicle","id":"s","version":"x","data":{"name":"secret-content"}}\n';
    const result = await runWords(["load", "-", "--to", "ledger:secretive"], {
      env: server.env,
      stdin: secret,
    });
    expect(result.exitCode).toBe(1);
    expect(result.stdout + result.stderr).not.toContain("secret-content");
  });

  it("stops after the batch under way when asked to", async () => {
    await ok("ledger", "create", "stopped");
    const result = await runWords(["load", "-", "--to", "ledger:stopped"], {
      env: server.env,
      stdin: JSON_LINES,
      onStoppable: (stop) => {
        stop();
      },
    });
    expect(result.exitCode).toBe(1);
    expect(result.stdout).toMatch(/^stopped: /);
    expect(result.stderr).toContain("stopping after the batch under way");
  });
});

describe("the ledger commands", () => {
  it("create, describe, list, query and delete", async () => {
    await ok("ledger", "create", "small", "--protect");
    expect((await ok("ledger", "describe", "small")).stdout).toMatch(/^name +small\nstate +ACTIVE\n/);
    expect((await ok("ledger", "list")).stdout).toMatch(/^small +ACTIVE +\d{4}-/m);
    await ok("ledger", "query", "small", "CREATE TABLE T");
    await ok("ledger", "query", "small", "INSERT INTO T ?", "--param", "{a: 1.50, b: sym}");
    expect(
      (await ok("ledger", "query", "small", "SELECT * FROM T WHERE b = ?", "--param", "sym")).stdout,
    ).toBe("{a:1.50,b:sym}\n");
    expect((await ok("ledger", "query", "small", "SELECT a FROM T", "--json")).json()).toEqual({
      ledger: "small",
      rows: [{ a: 1.5 }],
    });
    const refused = await run("ledger", "delete", "small");
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain("ledger-loader ledger delete small --unprotect");
    await ok("ledger", "delete", "small", "--unprotect");
    expect((await run("ledger", "describe", "small")).exitCode).toBe(2);
  });

  it("a ledger without a block is refused for what it lacks, and not for its protection", async () => {
    await ok("ledger", "create", "empty");
    const { stderr } = await run("ledger", "digest", "empty");
    expect(stderr).toContain("found none: commit a first transaction.");
    expect(stderr).not.toContain("--unprotect");
    await ok("ledger", "delete", "empty");
  });

  it("export a span of time, and nothing over what is there", async () => {
    await loadedAndExported("span");
    const early = join(folder, "span-early");
    const result = await ok("ledger", "export", "span", "--output", early, "--to", "2020-01-01", "--json");
    expect(result.json()).toMatchObject({ blocks: 0 });
    const none = await run(
      "ledger",
      "export",
      "span",
      "--output",
      early,
      "--from",
      "2030-01-01",
      "--to",
      "2020-01-01",
    );
    expect([none.exitCode, none.stderr]).toEqual([2, expect.stringContaining("--from before --to")]);
  });

  it("verify a ledger against a digest that was kept, and while no server runs", async () => {
    await loadedAndExported("kept");
    const digest = join(folder, "kept.json");
    writeFileSync(digest, (await ok("ledger", "digest", "kept", "--json")).stdout);
    await ok("ledger", "query", "kept", "INSERT INTO Person VALUE {'name': 'later'}");
    const result = await ok("ledger", "verify", "kept", "--digest", digest);
    expect(result.stdout).toMatch(/verified: digest with its tip at block \d+\n +they cover blocks 0 to \d+/);

    const data = join(folder, "offline");
    const offline = await serve(data);
    await runWords(["ledger", "create", "off"], { env: offline.env });
    await runWords(["ledger", "query", "off", "CREATE TABLE Person"], { env: offline.env });
    const locked = await runWords(["ledger", "verify", "off", "--data", data]);
    expect([locked.exitCode, locked.stderr]).toEqual([2, expect.stringContaining("[DATA_FOLDER_LOCKED]")]);
    expect(await offline.stop()).toBe(0);
    const unlocked = await runWords(["ledger", "verify", "off", "--data", data]);
    expect(unlocked.exitCode).toBe(0);
    expect(
      (await runWords(["ledger", "export", "off", "--data", data, "--output", join(folder, "off")])).exitCode,
    ).toBe(0);
  });

  it("find in the files what does not follow from the journal, wherever one byte was changed", async () => {
    const data = join(folder, "files");
    const files = await serve(data);
    await runWords(["ledger", "create", "f"], { env: files.env });
    const query = (...words: string[]): Promise<CliResult> =>
      runWords(["ledger", "query", "f", ...words], { env: files.env });
    await query("CREATE TABLE T");
    await query("INSERT INTO T VALUE {'name': 'distinctive-content'}");
    await files.stop();
    const verify = (): Promise<CliResult> => runWords(["ledger", "verify", "f", "--data", data]);
    expect((await verify()).exitCode).toBe(0);
    const file = join(data, readdirSync(data).find((name) => statSync(join(data, name)).size > 10_000) ?? "");
    const original = readFileSync(file);
    // The statement that inserted it stands in the journal, too.
    const places: number[] = [];
    for (let at = original.indexOf("distinctive"); at >= 0; at = original.indexOf("distinctive", at + 1)) {
      places.push(at);
    }
    expect(places.length).toBeGreaterThan(1);
    for (const at of places) {
      const changed = Buffer.from(original);
      changed.write("D", at);
      writeFileSync(file, changed);
      const result = await verify();
      expect([result.exitCode, result.stdout.slice(0, 7)]).toEqual([1, "failed:"]);
    }
  });

  it("raise limits when they are told to, and say so", async () => {
    const raised = await serve(join(folder, "raised"), "--max-document-bytes", "400000");
    try {
      await runWords(["ledger", "create", "big"], { env: raised.env });
      const event = { op: "INSERT", table: "T", id: "x", version: 0, data: { text: "x".repeat(200_000) } };
      const load = (...more: string[]): Promise<CliResult> =>
        runWords(["load", "-", "--to", "ledger:big", ...more], {
          env: raised.env,
          stdin: JSON.stringify(event),
        });
      expect((await load()).stdout).toContain("document-too-large");
      expect((await load("--max-document-bytes", "400000")).exitCode).toBe(0);
    } finally {
      await raised.stop();
    }
  });
});
