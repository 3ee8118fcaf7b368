// SPDX-License-Identifier: MIT
import {
  DescribeJournalS3ExportCommand,
  ExportJournalToS3Command,
  ListJournalS3ExportsForLedgerCommand,
  QLDBClient,
  type ExportJournalToS3CommandInput,
  type JournalS3ExportDescription,
} from "@aws-sdk/client-qldb";
import { CreateBucketCommand, HeadObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { openExport, verifyExport } from "@ledger-loader/export";
import { describeWhen, peerAvailability, startMoto, type MotoServer } from "@ledger-loader/testkit";
import { openLedgerServer, type LedgerServer, type LedgerServerOptions } from "../index";
import { databaseAvailability, openTestPostgres, type TestPostgres } from "../../test/open-test-database";
import { openTestServer, testLedgerName, type TestServer } from "../../test/open-test-server";
import { query } from "../../test/open-test-store";

const BUCKET = "journals-2026";

describeWhen(peerAvailability("moto"), describe)("ExportJournalToS3 to S3", () => {
  let moto: MotoServer;
  let s3: S3Client;
  let test: TestServer;
  let control: QLDBClient;
  let warnings: string[];

  const openClient = (): S3Client =>
    new S3Client({ ...moto.clientConfig, forcePathStyle: true, maxAttempts: 1 });
  const options = (): Partial<LedgerServerOptions> => ({
    allowedBuckets: ["journals-*"],
    s3Client: () => Promise.resolve(openClient()),
    onWarning: (warning) => warnings.push(warning),
  });

  beforeAll(async () => {
    moto = await startMoto();
    s3 = openClient();
    await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  });
  afterAll(async () => {
    s3.destroy();
    await moto.close();
  });

  async function fill(server: LedgerServer): Promise<void> {
    const ledger = await server.store.open(testLedgerName);
    await query(ledger, "CREATE TABLE Cars");
    for (let vin = 0; vin < 3; vin++) await query(ledger, "INSERT INTO Cars ?", `{vin: ${vin}}`);
  }

  const request = (Prefix: string, more: object = {}): ExportJournalToS3CommandInput => ({
    Name: testLedgerName,
    InclusiveStartTime: new Date(0),
    // Blocks of this very millisecond belong to the next export.
    ExclusiveEndTime: new Date(),
    S3ExportConfiguration: {
      Bucket: BUCKET,
      Prefix,
      EncryptionConfiguration: { ObjectEncryptionType: "SSE_S3" },
      ...more,
    },
    RoleArn: "arn:aws:iam::000000000000:role/exports",
  });

  async function settled(
    client: QLDBClient,
    ExportId: string | undefined,
  ): Promise<JournalS3ExportDescription> {
    for (;;) {
      const command = new DescribeJournalS3ExportCommand({ Name: testLedgerName, ExportId });
      const { ExportDescription: found } = await client.send(command);
      if (found!.Status !== "IN_PROGRESS") return found!;
      await sleep(10);
    }
  }

  async function start(input: ExportJournalToS3CommandInput): Promise<JournalS3ExportDescription> {
    const { ExportId } = await control.send(new ExportJournalToS3Command(input));
    return settled(control, ExportId);
  }

  async function verifyBucket(server: LedgerServer, prefix: string): Promise<unknown> {
    const digest = await (await server.store.open(testLedgerName)).digest();
    const journal = await openExport([`s3://${BUCKET}/${prefix}`], { s3Client: s3 });
    const { verdict, assurance, blocks } = await verifyExport(journal, { digest });
    return { verdict, assurance, blocks };
  }

  const WHOLE = { verdict: "passed", assurance: "anchored", blocks: 4 };

  describe("from a data folder", () => {
    beforeEach(async () => {
      warnings = [];
      test = await openTestServer(options());
      control = test.controlClient();
      await fill(test.server);
      await sleep(2);
    });
    afterEach(() => test.close());

    it("writes a journal that verifies in the bucket, encrypted as asked for", async () => {
      const described = await start(request("cars/"));
      expect(described).toMatchObject({ Status: "COMPLETED", LedgerName: testLedgerName });
      expect(await verifyBucket(test.server, "cars/")).toEqual(WHOLE);
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: "cars/" }));
      expect(Contents).toHaveLength(3);
      const object = await s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key: Contents[0]?.Key }));
      expect(object.ServerSideEncryption).toBe("AES256");
      expect(warnings).toEqual([]);
    });

    it("takes a key of KMS, and tells it again", async () => {
      const EncryptionConfiguration = {
        ObjectEncryptionType: "SSE_KMS" as const,
        KmsKeyArn: "arn:aws:kms:us-east-1:000000000000:key/k",
      };
      const described = await start(request("keyed/", { EncryptionConfiguration }));
      expect(described).toMatchObject({
        Status: "COMPLETED",
        S3ExportConfiguration: { EncryptionConfiguration },
      });
      expect(await verifyBucket(test.server, "keyed/")).toEqual(WHOLE);
      const wrong = { ...EncryptionConfiguration, ObjectEncryptionType: "SSE_S3" };
      const refused = start(request("wrong/", { EncryptionConfiguration: wrong }));
      await expect(refused).rejects.toMatchObject({ ParameterName: "KmsKeyArn" });
    });

    it("refuses a bucket that the operator has not named", async () => {
      await expect(start(request("x/", { Bucket: "elsewhere" }))).rejects.toMatchObject({
        name: "AccessDeniedException",
        message: expect.stringContaining('"--allow-bucket elsewhere"'),
      });
    });

    it("is cancelled where the bucket is missing, and the operator is told why", async () => {
      const { Status, ExportId } = await start(request("x/", { Bucket: "journals-missing" }));
      expect(Status).toBe("CANCELLED");
      expect(warnings).toEqual([
        expect.stringMatching(
          new RegExp(`^The export ${ExportId ?? ""} of the ledger .*bucket does not exist`),
        ),
      ]);
    });
  });

  describeWhen(databaseAvailability(), describe)("from PostgreSQL", () => {
    let postgres: TestPostgres;
    let others: { readonly server: LedgerServer; readonly client: QLDBClient };

    beforeAll(async () => {
      postgres = await openTestPostgres();
    });
    afterAll(() => postgres.close());
    beforeEach(() => {
      warnings = [];
    });
    afterEach(async () => {
      others.client.destroy();
      await others.server.close();
      await test.close();
    });

    /** Opens two servers on one database. */
    async function openBoth(more: Partial<LedgerServerOptions> = {}): Promise<void> {
      const postgresUrl = await postgres.makeDatabase();
      test = await openTestServer({ ...options(), ...more, postgresUrl });
      control = test.controlClient();
      await fill(test.server);
      const server = await openLedgerServer({ ...options(), postgresUrl });
      others = { server, client: test.controlClient({ endpoint: server.endpoint }) };
      await sleep(2);
    }

    async function listOf(client: QLDBClient): Promise<unknown> {
      const command = new ListJournalS3ExportsForLedgerCommand({ Name: testLedgerName });
      const { JournalS3Exports = [] } = await client.send(command);
      return JournalS3Exports.map(({ ExportId, Status }) => ({ ExportId, Status }));
    }

    it("writes a journal that verifies, and every server tells of the export while it runs and afterwards", async () => {
      let release: () => void = () => undefined;
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      await openBoth({ s3Client: () => released.then(openClient) });
      const { ExportId } = await control.send(new ExportJournalToS3Command(request("database/")));
      expect(await listOf(others.client)).toEqual([{ ExportId, Status: "IN_PROGRESS" }]);
      release();
      expect((await settled(others.client, ExportId)).Status).toBe("COMPLETED");
      expect(await verifyBucket(test.server, "database/")).toEqual(WHOLE);
      expect(await listOf(control)).toEqual(await listOf(others.client));
    });

    it("counts as cancelled once the server that wrote it has ended", async () => {
      await openBoth();
      const { ExportId = "" } = await start(request("ended/"));
      const records = await test.server.store.openRecords("exports");
      const [record] = await records.readAll();
      // As the record of a server that was killed.
      await records.write(ExportId, {
        ...record!,
        status: "IN_PROGRESS",
        serverId: "killed",
      } as typeof record & object);
      expect(await listOf(others.client)).toEqual([{ ExportId, Status: "CANCELLED" }]);
      expect(await listOf(control)).toEqual([{ ExportId, Status: "CANCELLED" }]);
    });
  });
});
