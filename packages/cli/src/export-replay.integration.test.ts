// SPDX-License-Identifier: MIT
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { startSqs } from "@ledger-loader/testkit";
import { runWords, type CliResult } from "../test/run-words";

let folder: string;
/** Of a ledger that was loaded itself: its documents carry `oldDocumentId`. */
let exported: string;

const run = (words: readonly string[], stdin?: string): Promise<CliResult> => runWords(words, { stdin });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cli-replay-"));
  exported = join(folder, "export");
  const events = [
    ...["v1", "v2", "v3"].map((id) => ({ op: "INSERT", table: "Vehicle", id, version: 0, data: { n: 1 } })),
    { op: "INSERT", table: "Person", id: "p1", version: 0, data: { n: 1 } },
    { op: "UPDATE", table: "Vehicle", id: "v1", version: 1, data: { n: 2 } },
    { op: "DELETE", table: "Vehicle", id: "v2", version: 1 },
  ];
  const source = ["--to", "ledger:source", "--data", join(folder, "source")];
  const loaded = await run(["load", "-", ...source], events.map((event) => JSON.stringify(event)).join("\n"));
  expect(loaded).toMatchObject({ exitCode: 0, stderr: expect.stringContaining("created ledger source") });
  await run(["ledger", "export", "source", "--data", join(folder, "source"), "--output", exported]);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

let targets = 0;
const newTarget = (): string => join(folder, `target-${targets++}`);

describe("export replay --data", () => {
  it("keeps ids in a free field where the documents have the default one, says so, and reconciles", async () => {
    const data = newTarget();
    const replayed = await run(["export", "replay", exported, "--to", "ledger:new", "--data", data]);
    expect(replayed.exitCode).toBe(0);
    expect(replayed.stderr).toContain("documents of Vehicle, Person have the field oldDocumentId already");
    expect(replayed.stdout).toContain("6 events: 6 written");
    const option = `--id-field oldDocumentId2 --data ${data}`;
    expect(replayed.stdout).toContain(`reconcile ${exported} --ledger new ${option}`);
    const words = ["reconcile", exported, "--ledger", "new", "--data", data, "--json"];
    for (const more of [[], ["--id-field", "oldDocumentId2"]]) {
      const result = await run([...words, ...more]);
      expect(result.json()).toMatchObject({ equal: true, revisions: { equal: 6 } });
    }
  });

  it("keeps ids in the default field where the masking leaves it out of the documents, and reconciles", async () => {
    const [data, masking] = [newTarget(), join(folder, "masking.json")];
    const rules = [{ path: "oldDocumentId", action: "drop" }];
    writeFileSync(masking, JSON.stringify({ tables: { "*": { rules } } }));
    const to = ["--to", "ledger:new", "--data", data, "--masking", masking];
    const replayed = await run(["export", "replay", exported, ...to]);
    expect(replayed).toMatchObject({ exitCode: 0, stderr: "created ledger new in " + data + "\n" });
    const words = ["reconcile", exported, "--ledger", "new", "--data", data, "--masking", masking, "--json"];
    expect((await run(words)).json()).toMatchObject({ equal: true, revisions: { equal: 6 } });
  });

  it("stops before it writes where the user named a field that the documents have", async () => {
    const data = newTarget();
    const words = ["export", "replay", exported, "--to", "ledger:new", "--data", data];
    const result = await run([...words, "--id-field", "oldDocumentId"]);
    expect(result).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("[ID_FIELD_TAKEN]") });
    expect(result.stderr).toContain("--id-field oldDocumentId2");
    expect(existsSync(data)).toBe(false);
  });

  it("judges without writing: no folder, no checkpoint; and upon what a ledger holds", async () => {
    const data = newTarget();
    const checkpoint = join(folder, "dry.json");
    const words = ["export", "replay", exported, "--to", "ledger:new", "--data", data];
    const dry = await run([...words, "--dry-run", "--checkpoint", checkpoint]);
    expect(dry.exitCode).toBe(0);
    expect(dry.stdout).toContain("6 events: 6 would be written");
    expect(dry.stdout).toContain("nothing was written");
    expect([existsSync(data), existsSync(checkpoint)]).toEqual([false, false]);
    await run([...words, "--tables", "Person"]);
    const again = await run([...words, "--dry-run", "--json"]);
    expect(again.json()).toMatchObject({ written: 5, skipped: { "already-applied": 1 }, dryRun: true });
    const reconciled = await run(["reconcile", exported, "--ledger", "new", "--data", data, "--json"]);
    expect(reconciled.json()).toMatchObject({ revisions: { exported: 6, ledger: 1, equal: 1 } });
  });

  it("replays the tables, blocks or point in time that were asked for, and goes on from its checkpoint", async () => {
    const data = newTarget();
    const checkpoint = join(folder, "part.json");
    const words = ["export", "replay", exported, "--to", "ledger:new", "--data", data, "--json"];
    const stats = (await run(["export", "stats", exported, "--json"])).json();
    const { last } = stats as { last: { sequenceNo: number; blockTimestamp: string } };
    const early = await run([...words, "--checkpoint", checkpoint, "--blocks", `0-${last.sequenceNo - 1}`]);
    expect(early.json()).toMatchObject({ complete: true, idField: "oldDocumentId2", events: 4 });
    expect(JSON.parse(readFileSync(checkpoint, "utf8"))).toMatchObject({
      sequenceNo: last.sequenceNo - 1,
      idField: "oldDocumentId2",
    });
    const rest = await run([...words, "--checkpoint", checkpoint]);
    expect(rest.json()).toMatchObject({ blocks: 1, events: 2, written: 2, idField: "oldDocumentId2" });
    const at = new Date(Date.parse(last.blockTimestamp) - 1).toISOString();
    const until = [exported, "--until", at, "--data", newTarget()];
    expect((await run(["export", "replay", ...until, "--to", "ledger:new", "--json"])).json()).toMatchObject({
      events: 4,
    });
    expect((await run(["reconcile", ...until, "--ledger", "new", "--json"])).json()).toMatchObject({
      equal: true,
      revisions: { exported: 4, equal: 4 },
    });
  });

  it("keeps its checkpoint when it is stopped, and prints the command that goes on", async () => {
    const data = newTarget();
    const checkpoint = join(folder, "stopped.json");
    const to = ["export", "replay", exported, "--to", "ledger:new", "--data", data];
    await run([...to, "--checkpoint", checkpoint, "--blocks", "0-3"]);
    const onStoppable = (stop: () => void): void => {
      stop();
    };
    const words = [...to, "--tables", "Vehicle", "--checkpoint", checkpoint];
    const stopped = await runWords(words, { onStoppable });
    expect(stopped).toMatchObject({ exitCode: 1, stdout: expect.stringContaining("stopped: replayed to") });
    const [, command = ""] = /next: go on.*\n +ledger-loader (.*)/.exec(stopped.stdout) ?? [];
    expect(command).toContain(`--tables Vehicle --checkpoint ${checkpoint}`);
    const rest = await run([...command.split(" "), "--json"]);
    expect(rest.json()).toMatchObject({ complete: true, resumedAfter: { sequenceNo: 3 } });
  });

  it("fails where the export has no revision of a table that was asked for", async () => {
    const words = ["export", "replay", exported, "--to", "ledger:new", "--data", newTarget()];
    const result = await run([...words, "--tables", "Person,vehicle"]);
    expect(result.exitCode).toBe(1);
    expect(result.stdout.replace(/\s+/g, " ")).toContain(
      "the export has no revision of vehicle (--tables: names are case-sensitive)",
    );
    const part = await run([...words, "--tables", "Person,vehicle", "--blocks", "0-", "--json"]);
    expect(part).toMatchObject({ exitCode: 0 });
    expect(part.json()).toMatchObject({ leftOut: { tablesNotFound: ["vehicle"] } });
  });

  it("is refused together with what belongs to a server or a channel", async () => {
    const words = ["export", "replay", exported, "--data", newTarget(), "--to"];
    const both = await run([...words, "ledger:new", "--endpoint", "http://127.0.0.1:1"]);
    expect(both).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("expected --endpoint or --data"),
    });
    const queue = "sqs:http://127.0.0.1:1/1/q";
    const sent = await run([...words, queue]);
    expect(sent).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("--to ledger: only") });
    const dry = await run(["export", "replay", exported, "--to", queue, "--dry-run"]);
    expect(dry).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("expected --dry-run with --to"),
    });
  });

  it("says to whom a queue leads that the documents have the field", async () => {
    const sqs = await startSqs();
    try {
      const { url: queueUrl } = await sqs.createQueue({ name: "replay", fifo: false });
      const env = { AWS_ENDPOINT_URL_SQS: sqs.endpoint };
      const result = await runWords(["export", "replay", exported, "--to", `sqs:${queueUrl}`], { env });
      expect(result.exitCode).toBe(0);
      expect(result.stderr).toContain("set ID_FIELD=oldDocumentId2 for the program that loads what is sent");
    } finally {
      await sqs.close();
    }
  });

  it("reconciles what a program with that field has masked, although a direct replay would have kept the default one", async () => {
    const [data, masking] = [newTarget(), join(folder, "masked-behind.json")];
    const rules = [{ path: "oldDocumentId", action: "drop" }];
    writeFileSync(masking, JSON.stringify({ tables: { "*": { rules } } }));
    // As behind a queue: the advice of the replay, and the masking of the program that loads.
    const to = ["--to", "ledger:new", "--data", data, "--masking", masking];
    await run(["export", "replay", exported, ...to, "--id-field", "oldDocumentId2"]);
    const words = ["reconcile", exported, "--ledger", "new", "--data", data, "--masking", masking, "--json"];
    const reconciled = await run(words);
    expect(reconciled.json()).toMatchObject({ equal: true, revisions: { equal: 6 } });
    expect(reconciled.stderr).toContain("looking for the documents' ids in the field oldDocumentId2");
  });
});
