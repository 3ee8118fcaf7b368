// SPDX-License-Identifier: MIT
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import {
  ConfigurationError,
  type DeadLetter,
  type LoaderConfig,
  type LoaderSurroundings,
  type LoadReceipt,
  MappingError,
  MaskingConfigError,
  PrometheusMetrics,
  TableMapperRevisionWriter,
  createLoaderFromConfig,
  decodeDeadLetter,
  parseConfig,
  silentLogger,
} from "@ledger-loader/core";
import { anEvent } from "@ledger-loader/testkit";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { aDelivery } from "../../test/letters";
import { startTestLedger, type TestLedger } from "../../test/test-ledger";

let ledger: TestLedger;
let folder: string;

beforeAll(async () => {
  ledger = await startTestLedger({ Vehicle: "oldDocumentId" });
  folder = await mkdtemp(join(tmpdir(), "from-config-"));
});
afterAll(async () => {
  await ledger.close();
  await rm(folder, { recursive: true });
});

function make(settings: Readonly<Record<string, string>>, surroundings?: LoaderSurroundings) {
  const config = parseConfig({ LEDGER_NAME: "test", LEDGER_ENDPOINT: ledger.endpoint, ...settings });
  return createLoaderFromConfig(config, silentLogger, surroundings);
}

describe("A loader made from its configuration", () => {
  it("masks, parks and counts as it is told", async () => {
    const rules = join(folder, "masking.ion");
    const letters = join(folder, "letters.jsonl");
    await writeFile(rules, `{tables:{Vehicle:{rules:[{path:"color",action:hash}]}}}`);
    const metrics = new PrometheusMetrics();
    const settings = {
      MASKING_FILE: rules,
      MASKING_KEY: "a key of at least thirty-two characters",
      DEAD_LETTERS: `file:${letters}`,
    };
    const loader = await make(settings, { channel: "sqs", metrics, host: "worker" });
    const batch = [aDelivery("good", [anEvent()]), aDelivery("bad", "{op:")];
    expect((await loader.load(batch, { onFailure: "continue" })).failed).toEqual([]);
    await loader.close();
    expect(await ledger.documents("Vehicle")).toEqual([expect.not.stringContaining("red")]);
    expect(decodeDeadLetter(await readFile(letters, "utf8"))).toMatchObject({
      channel: "sqs",
      deliveryId: "bad",
    });
    expect(metrics.render()).toContain('ledger_loader_parked_total{reason="malformed-event"} 1');
  });

  it("keeps receipts where it is told to, in a file or a queue", async () => {
    const file = join(folder, "receipts.jsonl");
    const sent: [string, string][] = [];
    const openReceiptQueue = (queueUrl: string) => ({
      write: (receipts: readonly LoadReceipt[]) => {
        sent.push(...receipts.map(({ outcome }): [string, string] => [queueUrl, outcome]));
        return Promise.resolve();
      },
    });
    const batch = [aDelivery("good", [anEvent({ id: "receipted" })])];
    for (const place of [`file:${file}`, "sqs:https://queue.example.com/receipts"]) {
      const loader = await make({ RECEIPTS: place }, { openReceiptQueue });
      await loader.load(batch, { onFailure: "continue" });
      await loader.close();
    }
    expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({ outcome: "written", revision: {} });
    expect(sent).toEqual([["https://queue.example.com/receipts", "skipped"]]);
    await expect(make({ RECEIPTS: "sqs:https://queue.example.com/receipts" })).rejects.toThrow(
      "RECEIPTS: expected file:PATH, as there is no client for queues",
    );
  });

  it("reads the ledger's keys and the masking key from secrets, each where it is needed", async () => {
    const rules = join(folder, "masking.ion");
    await writeFile(rules, `{tables:{Vehicle:{rules:[{path:"color",action:hash}]}}}`);
    const arn = (name: string) => `arn:aws:secretsmanager:us-east-1:123456789012:secret:${name}-AbCdEf`;
    const secrets: Readonly<Record<string, string>> = {
      [arn("ledger")]: `{"accessKeyId":"AKID","secretAccessKey":"keys"}`,
      [arn("masking")]: "a key of at least thirty-two characters",
      [arn("other")]: `{"password":"hunter2"}`,
    };
    const read: string[] = [];
    const readSecret = (secretId: string) => {
      read.push(secretId);
      return Promise.resolve(secrets[secretId] ?? "");
    };
    const settings = { MASKING_FILE: rules, MASKING_KEY_SECRET: arn("masking") };
    const loader = await make({ ...settings, LEDGER_CREDENTIALS_SECRET: arn("ledger") }, { readSecret });
    const event = anEvent({ id: "secret" });
    expect((await loader.load([aDelivery("good", [event])], { onFailure: "continue" })).failed).toEqual([]);
    await loader.close();
    expect(read.toSorted()).toEqual([arn("ledger"), arn("masking")]);

    const wrong = await make({ LEDGER_CREDENTIALS_SECRET: arn("other") }, { readSecret });
    const failure = wrong.load([aDelivery("good", [event])], { onFailure: "continue" });
    await expect(failure).rejects.toMatchObject({
      cause: { message: expect.stringContaining("LEDGER_CREDENTIALS_SECRET: expected a secret like") },
    });
    await expect(failure).rejects.not.toThrow("hunter2");
    await wrong.close();
    await expect(make({ LEDGER_CREDENTIALS_SECRET: arn("ledger") })).rejects.toThrow(
      "expected a program that reads secrets",
    );
    await expect(make({ ...settings, MASKING_KEY_SECRET: arn("other") }, { readSecret })).rejects.toThrow(
      "MASKING_KEY_SECRET: expected a secret of 32 or more characters, found one of 22 characters",
    );
  });

  it("finds ids by a file of tables, which takes the place of the variable and is given to a writer of one's own", async () => {
    const file = join(folder, "id-fields.ion");
    await writeFile(file, "// natural keys\n{Vehicle: VIN, '*': oldDocumentId}");
    const settings = { TABLE_ID_FIELDS_FILE: file, TABLE_ID_FIELDS: "*=other", CREATE_TABLES: "true" };
    const vin = (config: unknown) => new TableMapperRevisionWriter(config as LoaderConfig);
    const loaders = [
      await make({ ...settings, REVISION_WRITER: "TableMapperRevisionWriter" }),
      await make(settings, { writer: vin }),
    ];
    const batch = [aDelivery("1", [anEvent({ id: "by-file", data: { VIN: "by-file" } })])];
    const counts = [];
    for (const loader of loaders) counts.push((await loader.load(batch, { onFailure: "continue" })).counts);
    expect(counts).toMatchObject([{ written: 1 }, { skipped: { "already-applied": 1 } }]);
    await Promise.all(loaders.map((loader) => loader.close()));
    expect((await ledger.documents("Vehicle")).filter((text) => text.includes("by-file"))).toEqual([
      expect.not.stringContaining("oldDocumentId"),
    ]);
  });

  it.each([
    [
      "missing.ion",
      ConfigurationError,
      /TABLE_ID_FIELDS_FILE: expected a file that can be read at \S+missing\.ion, found ENOENT/,
    ],
    ["broken.ion", MappingError, 'found no field name for "Vehicle"'],
  ])("is refused with the file of tables %s", async (name, type, message) => {
    await writeFile(join(folder, "broken.ion"), "{Vehicle: 7}");
    const made = make({ TABLE_ID_FIELDS_FILE: join(folder, name) });
    await expect(made).rejects.toThrow(type);
    await expect(made).rejects.toThrow(message);
  });

  it.each([
    ["Latin-1", Buffer.from('{"Vehicle": {"Größe": "remove"}}', "latin1")],
    ["UTF-16", Buffer.from('\ufeff{"Vehicle": {}}', "utf16le")],
    ["Windows-1252", Buffer.from([0x22, 0x80, 0x22])],
  ])("refuses a masking file in %s, by its name", async (_encoding, content) => {
    const path = join(folder, "foreign-rules.json");
    await writeFile(path, content);
    await expect(make({ MASKING_FILE: path })).rejects.toThrow(
      `MASKING_FILE: expected ${path} as UTF-8, found another encoding: save the file as UTF-8`,
    );
  });

  it("uses the writer it is given instead of one by name", async () => {
    const given = await make({}, { writer: () => new TableMapperRevisionWriter({ "*": "VIN" }) });
    await given.close();
    await expect(make({}, { writer: () => ({}) })).rejects.toThrow("no RevisionWriter");
  });

  it("parks in a queue through the client it is given", async () => {
    const parked: DeadLetter[] = [];
    const opened: string[] = [];
    const queueUrl = "https://sqs.us-east-1.amazonaws.com/000000000000/letters";
    const loader = await make(
      { DEAD_LETTERS: `sqs:${queueUrl}` },
      {
        channel: "sqs",
        openQueue: (url) => {
          opened.push(url);
          return { park: (letters) => Promise.resolve(void parked.push(...letters)) };
        },
      },
    );
    await loader.load([aDelivery("bad", "{op:")], { onFailure: "continue" });
    await loader.close();
    expect({ opened, parked: parked.length }).toEqual({ opened: [queueUrl], parked: 1 });
  });

  it("is closed only once what it was parking is safe in the file", async () => {
    const letters = join(folder, "closing.jsonl");
    const release = join(folder, "closing.jsonl.lock");
    const loader = await make({ DEAD_LETTERS: `file:${letters}` }, { channel: "sqs" });
    // Somebody else holds the file for a moment, so that parking takes longer than loading.
    await writeFile(release, "");
    void loader.load([aDelivery("bad", "{op:")], { onFailure: "continue" });
    const closed = pause(100).then(() => loader.close());
    await pause(200);
    expect(await readFile(letters, "utf8").catch(() => "not there")).toBe("not there");
    await rm(release);
    await closed;
    expect(decodeDeadLetter(await readFile(letters, "utf8"))).toMatchObject({ deliveryId: "bad" });
  });

  it.each([
    ["a masking file that is not there", { MASKING_FILE: "/no/such/file" }, {}, "MASKING_FILE"],
    ["dead letters without a channel", { DEAD_LETTERS: "file:letters.jsonl" }, {}, "DEAD_LETTERS"],
    [
      "a queue without a client",
      { DEAD_LETTERS: "sqs:https://example.org/q" },
      { channel: "sqs" },
      "DEAD_LETTERS",
    ],
  ])("refuses %s", async (_, settings, surroundings, named) => {
    const error = await make(settings as Record<string, string>, surroundings).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(String(error)).toContain(named);
  });

  it("refuses a masking file that hashes without a key", async () => {
    const rules = join(folder, "hash.ion");
    await writeFile(rules, `{tables:{Vehicle:{hashId:true}}}`);
    await expect(make({ MASKING_FILE: rules })).rejects.toThrow(MaskingConfigError);
  });
});
