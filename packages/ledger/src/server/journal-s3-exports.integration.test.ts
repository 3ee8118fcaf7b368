// SPDX-License-Identifier: MIT
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  DescribeJournalS3ExportCommand,
  ExportJournalToS3Command,
  ListJournalS3ExportsCommand,
  paginateListJournalS3ExportsForLedger,
  type ExportJournalToS3CommandInput,
  type JournalS3ExportDescription,
  type QLDBClient,
} from "@aws-sdk/client-qldb";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { openExport, verifyExport } from "@ledger-loader/export";
import { openTestServer, testLedgerName, type TestServer } from "../../test/open-test-server";
import { query } from "../../test/open-test-store";

describe("ExportJournalToS3", () => {
  let test: TestServer;
  let control: QLDBClient;
  let exportFolder: string;
  let now: number;
  beforeEach(async () => {
    exportFolder = await mkdtemp(join(tmpdir(), "exports-"));
    now = Date.parse("2026-01-01T00:00:00Z");
    test = await openTestServer({ exportFolder, clock: () => now });
    control = test.controlClient();
    const ledger = await test.server.store.open(testLedgerName);
    await query(ledger, "CREATE TABLE Cars");
    for (let vin = 0; vin < 5; vin++) {
      now += 1000;
      await query(ledger, "INSERT INTO Cars ?", `{vin: ${vin}}`);
    }
  });
  afterEach(async () => {
    await test.close();
    await rm(exportFolder, { recursive: true });
  });

  const at = (seconds: number) => new Date(Date.parse("2026-01-01T00:00:00Z") + 1000 * seconds);

  const request = (): ExportJournalToS3CommandInput => ({
    Name: testLedgerName,
    InclusiveStartTime: new Date(0),
    ExclusiveEndTime: at(60),
    S3ExportConfiguration: {
      Bucket: "journals",
      Prefix: "cars/",
      EncryptionConfiguration: { ObjectEncryptionType: "SSE_S3" },
    },
    RoleArn: "arn:aws:iam::000000000000:role/exports",
  });

  async function start(
    changed: Partial<ExportJournalToS3CommandInput> = {},
  ): Promise<JournalS3ExportDescription> {
    const { ExportId } = await control.send(new ExportJournalToS3Command({ ...request(), ...changed }));
    for (;;) {
      const command = new DescribeJournalS3ExportCommand({ Name: testLedgerName, ExportId });
      const { ExportDescription: found } = await control.send(command);
      if (found!.Status !== "IN_PROGRESS") return found!;
      await sleep(10);
    }
  }

  const open = () => openExport([join(exportFolder, "journals", "cars")]);

  it.each(["ION_TEXT", "ION_BINARY"] as const)(
    "writes a whole journal that verifies, as %s",
    async (OutputFormat) => {
      const described = await start({ OutputFormat });
      expect(described).toMatchObject({
        LedgerName: testLedgerName,
        Status: "COMPLETED",
        InclusiveStartTime: at(0),
        ExclusiveEndTime: at(60),
        S3ExportConfiguration: request().S3ExportConfiguration,
        RoleArn: request().RoleArn,
        OutputFormat,
      });
      const digest = await (await test.server.store.open(testLedgerName)).digest();
      expect(await verifyExport(await open(), { digest })).toMatchObject({ verdict: "passed", blocks: 6 });
    },
  );

  it.each([
    [2, 4, [2, 3]],
    [0, 1, [0, 0]],
    [5, 6, [5, 5]],
  ])("writes the blocks from second %i to before second %i", async (from, to, range) => {
    await start({ InclusiveStartTime: at(from), ExclusiveEndTime: at(to) });
    const names = await readdir(join(exportFolder, "journals"), { recursive: true });
    expect(names.filter((name) => name.endsWith(".ion"))).toEqual([
      expect.stringContaining(`.${range.join("-")}.ion`),
    ]);
  });

  it("lists exports, the newest first, also after a restart", async () => {
    const ids: (string | undefined)[] = [];
    for (const Prefix of ["a/", "b/", "c/"]) {
      now += 1000;
      const S3ExportConfiguration = { ...request().S3ExportConfiguration!, Prefix };
      ids.unshift((await start({ S3ExportConfiguration })).ExportId);
    }
    await test.restart();
    const all = await control.send(new ListJournalS3ExportsCommand({}));
    expect(all.JournalS3Exports?.map(({ ExportId }) => ExportId)).toEqual(ids);
    const paged: (string | undefined)[] = [];
    const pages = paginateListJournalS3ExportsForLedger(
      { client: control, pageSize: 2 },
      { Name: testLedgerName },
    );
    for await (const { JournalS3Exports } of pages)
      paged.push(...JournalS3Exports!.map(({ ExportId }) => ExportId));
    expect(paged).toEqual(ids);
  });

  it("is cancelled where it would overwrite an export", async () => {
    await test.restart({ onDefect: () => undefined });
    expect((await start()).Status).toBe("COMPLETED");
    expect((await start()).Status).toBe("CANCELLED");
    expect(await verifyExport(await open())).toMatchObject({ verdict: "passed" });
  });

  const configuration = (changed: object) => ({
    S3ExportConfiguration: { ...request().S3ExportConfiguration!, ...changed },
  });

  it.each([
    ["ExclusiveEndTime", { ExclusiveEndTime: new Date(Date.now() + 60_000) }],
    ["InclusiveStartTime", { InclusiveStartTime: at(70) }],
    ["Bucket", configuration({ Bucket: ".." })],
    ["Bucket", configuration({ Bucket: "a/b" })],
    ["Prefix", configuration({ Prefix: "../../etc/" })],
    ["Prefix", configuration({ Prefix: "/etc/" })],
    ["ObjectEncryptionType", configuration({ EncryptionConfiguration: { ObjectEncryptionType: "SSE_KMS" } })],
    ["OutputFormat", { OutputFormat: "JSON" as const }],
  ])("refuses another %s: %j", async (ParameterName, changed) => {
    const name = "InvalidParameterException";
    await expect(start(changed)).rejects.toMatchObject({ name, ParameterName });
  });

  it("says how to give the server a bucket or a folder", async () => {
    const other = await openTestServer();
    const exporting = other.controlClient().send(new ExportJournalToS3Command(request()));
    await expect(exporting).rejects.toThrow(
      /start the server with "--allow-bucket NAME" or "--export-folder DIR"/,
    );
    await other.close();
  });
});
