// SPDX-License-Identifier: MIT
import { copyFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import * as qldb from "@aws-sdk/client-qldb";
import {
  CreateLedgerCommand,
  DeleteLedgerCommand,
  DescribeLedgerCommand,
  GetBlockCommand,
  GetDigestCommand,
  GetRevisionCommand,
  ListLedgersCommand,
  type QLDBClient,
  UpdateLedgerCommand,
  UpdateLedgerPermissionsModeCommand,
} from "@aws-sdk/client-qldb";
import { decodeRevision, parseProof, verifyBlock, verifyProof } from "@ledger-loader/journal";
import { transcodeToBinary } from "@ledger-loader/ion";
import { query } from "../../test/open-test-store";
import { openTestServer, testLedgerName, type TestServer } from "../../test/open-test-server";

describe("AWS's client of the control plane", () => {
  let test: TestServer;
  let client: QLDBClient;
  beforeEach(async () => {
    test = await openTestServer();
    client = test.controlClient();
  });
  afterEach(() => test.close());

  it("creates a ledger that is protected, describes, lists, unprotects and deletes it", async () => {
    const Name = "new-ledger";
    const created = await client.send(new CreateLedgerCommand({ Name, PermissionsMode: "STANDARD" }));
    expect(created).toMatchObject({
      Name,
      State: "CREATING",
      PermissionsMode: "STANDARD",
      DeletionProtection: true,
    });
    const described = await client.send(new DescribeLedgerCommand({ Name }));
    expect(described).toMatchObject({ Name, State: "ACTIVE", DeletionProtection: true });
    expect(described.Arn).toMatch(/^arn:aws:qldb:.*:ledger\/new-ledger$/);
    expect(Date.now() - described.CreationDateTime!.getTime()).toBeLessThan(60_000);
    const { Ledgers } = await client.send(new ListLedgersCommand({}));
    expect(Ledgers?.map((ledger) => [ledger.Name, ledger.State])).toEqual([
      [Name, "ACTIVE"],
      [testLedgerName, "ACTIVE"],
    ]);
    await expect(client.send(new DeleteLedgerCommand({ Name }))).rejects.toMatchObject({
      name: "ResourcePreconditionNotMetException",
    });
    const updated = await client.send(new UpdateLedgerCommand({ Name, DeletionProtection: false }));
    expect(updated.DeletionProtection).toBe(false);
    await client.send(new DeleteLedgerCommand({ Name }));
    await expect(client.send(new DescribeLedgerCommand({ Name }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      ResourceName: Name,
    });
  });

  it("lists a damaged ledger as damaged, and the others beside it", async () => {
    await writeFile(
      join(test.dataFolder, "bad.ledger"),
      "no database, and longer than its header. ".repeat(20),
    );
    const { Ledgers } = await client.send(new ListLedgersCommand({}));
    expect(Ledgers?.map((ledger) => [ledger.Name, ledger.State])).toEqual([
      ["bad", "DAMAGED"],
      [testLedgerName, "ACTIVE"],
    ]);
    const described = client.send(new DescribeLedgerCommand({ Name: "bad" }));
    await expect(described).rejects.toMatchObject({
      name: "InternalServerErrorException",
      message: expect.stringMatching(/bad\.ledger, found that it is not a sound SQLite database/),
    });
  });

  it("lists a ledger as damaged whose file was replaced while it is open", async () => {
    const Name = "replaced";
    await client.send(new CreateLedgerCommand({ Name, PermissionsMode: "ALLOW_ALL" }));
    const file = join(test.dataFolder, `${Name}.ledger`);
    await rename(file, `${file}.away`);
    await copyFile(`${file}.away`, file);
    const { Ledgers } = await client.send(new ListLedgersCommand({}));
    expect(Ledgers?.map((ledger) => [ledger.Name, ledger.State])).toEqual([
      [Name, "DAMAGED"],
      [testLedgerName, "ACTIVE"],
    ]);
  });

  it("pages through ledgers", async () => {
    await client.send(new CreateLedgerCommand({ Name: "a", PermissionsMode: "ALLOW_ALL" }));
    const first = await client.send(new ListLedgersCommand({ MaxResults: 1 }));
    expect(first.Ledgers?.map(({ Name }) => Name)).toEqual(["a"]);
    const second = await client.send(new ListLedgersCommand({ MaxResults: 1, NextToken: first.NextToken }));
    expect(second.Ledgers?.map(({ Name }) => Name)).toEqual([testLedgerName]);
    expect(second.NextToken).toBeUndefined();
  });

  it.each(["", "1234", "-a", "a-", "a--b", "a_b", "../a", "x".repeat(33)])(
    "cannot name a ledger %p",
    async (Name) => {
      const creating = client.send(new CreateLedgerCommand({ Name, PermissionsMode: "ALLOW_ALL" }));
      await expect(creating).rejects.toMatchObject({ name: "InvalidParameterException" });
    },
  );

  it("cannot create a ledger twice, nor without a permissions mode", async () => {
    const again = client.send(
      new CreateLedgerCommand({ Name: testLedgerName, PermissionsMode: "ALLOW_ALL" }),
    );
    await expect(again).rejects.toMatchObject({ name: "ResourceAlreadyExistsException" });
    const without = client.send(new CreateLedgerCommand({ Name: "b", PermissionsMode: undefined }));
    await expect(without).rejects.toMatchObject({ name: "InvalidParameterException" });
  });

  it("changes a ledger's permissions mode, which lasts", async () => {
    await client.send(
      new UpdateLedgerPermissionsModeCommand({ Name: testLedgerName, PermissionsMode: "STANDARD" }),
    );
    await test.restart();
    const described = await client.send(new DescribeLedgerCommand({ Name: testLedgerName }));
    expect(described.PermissionsMode).toBe("STANDARD");
  });

  it("proves every block and every revision against the digest", async () => {
    const ledger = await test.server.store.open(testLedgerName);
    await query(ledger, "CREATE TABLE Cars");
    for (let vin = 0; vin < 5; vin++)
      await query(ledger, "INSERT INTO Cars ?", `[{vin: ${vin}}, {vin: -1}, {vin: -2}]`);
    const { Digest, DigestTipAddress } = await client.send(new GetDigestCommand({ Name: testLedgerName }));
    const { sequenceNo, strandId } = (await ledger.digest()).tipAddress;
    expect(DigestTipAddress?.IonText).toBe(`{strandId:"${strandId}",sequenceNo:${sequenceNo}}`);
    for (let block = 0; block <= sequenceNo; block++) {
      const BlockAddress = { IonText: `{strandId: "${strandId}", sequenceNo: ${block}}` };
      const request = { Name: testLedgerName, BlockAddress, DigestTipAddress };
      const answer = await client.send(new GetBlockCommand(request));
      const verified = verifyBlock(transcodeToBinary(answer.Block!.IonText!), { sealed: true });
      expect(verified.findings).toEqual([]);
      const proof = parseProof(answer.Proof!.IonText!);
      expect(verifyProof(verified.block!.blockHash, proof, Digest!)).toBe(true);
      for (const { metadata } of verified.block?.revisions ?? []) {
        const found = await client.send(new GetRevisionCommand({ ...request, DocumentId: metadata!.id }));
        const revision = decodeRevision(transcodeToBinary(found.Revision!.IonText!));
        expect(revision.metadata).toEqual(metadata);
        expect(verifyProof(revision.hash, parseProof(found.Proof!.IonText!), Digest!)).toBe(true);
      }
    }
  });

  it("is told of blocks, tips and documents that do not exist", async () => {
    const Name = testLedgerName;
    const { strandId } = (await test.server.store.open(Name)).description;
    const at = (sequenceNo: number): { IonText: string } => ({
      IonText: `{strandId:"${strandId}",sequenceNo:${sequenceNo}}`,
    });
    const invalid = { name: "InvalidParameterException" };
    const get = (
      BlockAddress: { IonText: string },
      DigestTipAddress?: { IonText: string },
    ): Promise<unknown> => client.send(new GetBlockCommand({ Name, BlockAddress, DigestTipAddress }));
    await expect(get(at(1))).rejects.toMatchObject(invalid);
    await expect(get(at(0), at(1))).rejects.toMatchObject(invalid);
    await expect(get({ IonText: "{strandId:" })).rejects.toMatchObject(invalid);
    await expect(get({ IonText: '{strandId:"another",sequenceNo:0}' })).rejects.toMatchObject(invalid);
    const revision = client.send(new GetRevisionCommand({ Name, BlockAddress: at(0), DocumentId: "none" }));
    await expect(revision).rejects.toMatchObject(invalid);
    await expect(client.send(new GetDigestCommand({ Name: "none" }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
  });

  it.each([
    [{ Tags: { "": "cars" } }, "Tags"],
    [{ Tags: { a: "x".repeat(257) } }, "Tags"],
    [{ Tags: { "aws:a": "b" } }, "Tags"],
    [{ KmsKey: "arn:aws:kms:us-east-1:123456789012:key/1234" }, "KmsKey"],
    [{ KmsKey: "alias/mine" }, "KmsKey"],
  ])("does not create a ledger that would lack what was asked for: %j", async (members, ParameterName) => {
    const creating = client.send(
      new CreateLedgerCommand({ Name: "kept", PermissionsMode: "ALLOW_ALL", ...members }),
    );
    await expect(creating).rejects.toMatchObject({ name: "InvalidParameterException", ParameterName });
    const { Ledgers } = await client.send(new ListLedgersCommand({}));
    expect(Ledgers?.map(({ Name }) => Name)).toEqual([testLedgerName]);
  });

  it("keeps tags of ledgers and tables", async () => {
    const Tags = { team: "cars", stage: "" };
    await client.send(new CreateLedgerCommand({ Name: "tagged", PermissionsMode: "ALLOW_ALL", Tags }));
    const ledger = await test.server.store.open("tagged");
    const arn = "arn:aws:qldb:eu-west-1:123456789012:ledger/tagged";
    const [row] = await query(ledger, "CREATE TABLE Cars WITH (aws_tags = `{'kind': 'vehicle'}`)");
    const table = `${arn}/table/${/"(.*)"/.exec(row!)?.[1] ?? ""}`;
    const tagsOf = async (ResourceArn: string) =>
      (await client.send(new qldb.ListTagsForResourceCommand({ ResourceArn }))).Tags;
    expect(await tagsOf(arn)).toEqual(Tags);
    expect(await tagsOf(table)).toEqual({ kind: "vehicle" });
    for (const ResourceArn of [arn, table]) {
      await client.send(new qldb.TagResourceCommand({ ResourceArn, Tags: { stage: "test", a: "1" } }));
      await client.send(new qldb.UntagResourceCommand({ ResourceArn, TagKeys: ["a", "kind", "none"] }));
    }
    await test.restart();
    expect(await tagsOf(arn)).toEqual({ team: "cars", stage: "test" });
    expect(await tagsOf(table)).toEqual({ stage: "test" });
  });

  it.each([
    ["arn:aws:qldb:local:000000000000:ledger/none", "ResourceNotFoundException"],
    [`arn:aws:qldb:local:000000000000:ledger/${testLedgerName}/table/none`, "ResourceNotFoundException"],
    [`arn:aws:qldb:local:000000000000:stream/${testLedgerName}/none`, "ResourceNotFoundException"],
    [`arn:aws:qldb:local:000000000000:stream/${testLedgerName}`, "InvalidParameterException"],
    ["arn:aws:s3:::bucket", "InvalidParameterException"],
  ])("keeps no tags of %s", async (ResourceArn, name) => {
    const tagging = client.send(new qldb.TagResourceCommand({ ResourceArn, Tags: { a: "b" } }));
    await expect(tagging).rejects.toMatchObject({ name });
  });

  it("refuses to tag without tags", async () => {
    const ResourceArn = `arn:aws:qldb:local:000000000000:ledger/${testLedgerName}`;
    const tagging = client.send(new qldb.TagResourceCommand({ ResourceArn, Tags: undefined }));
    await expect(tagging).rejects.toMatchObject({ name: "InvalidParameterException", ParameterName: "Tags" });
  });

  it("takes members that ask for nothing, and changes nothing with a key that it cannot keep", async () => {
    const members = { Tags: {}, KmsKey: "AWS_OWNED_KMS_KEY" };
    await client.send(new CreateLedgerCommand({ Name: "kept", PermissionsMode: "ALLOW_ALL", ...members }));
    const update = new UpdateLedgerCommand({ Name: "kept", KmsKey: "alias/mine", DeletionProtection: false });
    await expect(client.send(update)).rejects.toMatchObject({ ParameterName: "KmsKey" });
    const described = await client.send(new DescribeLedgerCommand({ Name: "kept" }));
    expect(described.DeletionProtection).toBe(true);
  });

  it.each(["vehicle-registration", "Zm9yZWlnbg==", "bGVkZ2Vycwp=", "streams", "%%%%"])(
    "gives no page for the foreign token %p",
    async (NextToken) => {
      const invalid = { name: "InvalidParameterException", ParameterName: "NextToken" };
      await expect(client.send(new ListLedgersCommand({ NextToken }))).rejects.toMatchObject(invalid);
      const streams = new qldb.ListJournalKinesisStreamsForLedgerCommand({
        LedgerName: testLedgerName,
        NextToken,
      });
      await expect(client.send(streams)).rejects.toMatchObject(invalid);
    },
  );

  it("gives no page of streams for a token of ledgers", async () => {
    await client.send(new CreateLedgerCommand({ Name: "a", PermissionsMode: "ALLOW_ALL" }));
    const { NextToken } = await client.send(new ListLedgersCommand({ MaxResults: 1 }));
    expect(NextToken).toMatch(/^[A-Za-z0-9+/=-]{4,1024}$/);
    const command = new qldb.ListJournalKinesisStreamsForLedgerCommand({ LedgerName: "a", NextToken });
    await expect(client.send(command)).rejects.toMatchObject({ ParameterName: "NextToken" });
  });

  it("names the parameter that is missing or of another type", async () => {
    const ledger = await test.server.store.open(testLedgerName);
    await ledger.transact((transaction) => transaction.execute("CREATE TABLE T"));
    const { strandId } = ledger.description;
    const BlockAddress = { IonText: `{strandId:"${strandId}",sequenceNo:0}` };
    const cases: readonly (readonly [path: string, body: unknown, ParameterName: string])[] = [
      ["revision", { BlockAddress }, "DocumentId"],
      ["revision", { BlockAddress, DocumentId: null }, "DocumentId"],
      ["revision", { DocumentId: "x" }, "BlockAddress"],
      ["block", {}, "BlockAddress"],
      ["block", { BlockAddress: {} }, "BlockAddress"],
      ["block", { BlockAddress, DigestTipAddress: 5 }, "DigestTipAddress"],
      ["journal-kinesis-streams", {}, "StreamName"],
    ];
    for (const [path, body, ParameterName] of cases) {
      const url = `${test.server.endpoint}/ledgers/${testLedgerName}/${path}`;
      const response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      expect([response.status, response.headers.get("x-amzn-errortype")]).toEqual([
        400,
        "InvalidParameterException",
      ]);
      expect(await response.json()).toMatchObject({ ParameterName });
    }
  });

  it("knows every operation of AWS's client", async () => {
    const input = {
      Name: "none",
      LedgerName: "none",
      StreamId: "none",
      ExportId: "none",
      ResourceArn: "arn:aws:qldb:local:000000000000:ledger/none",
      TagKeys: ["a"],
    };
    const answers: Record<string, string[]> = {};
    for (const [name, Command] of Object.entries(qldb)) {
      if (!/^[A-Z].*Command$/.test(name)) continue;
      const command = new (Command as new (members: object) => qldb.ListLedgersCommand)(input);
      const refusal = await client.send(command).then(
        () => "answered",
        (error: unknown) => (error as Error).name,
      );
      (answers[refusal] ??= []).push(name.replace(/Command$/, ""));
    }
    expect(Object.keys(answers).sort()).toEqual([
      "InvalidParameterException",
      "ResourceNotFoundException",
      "answered",
    ]);
  });

  it.each([
    "GET /",
    "GET /ledgers/a/b/c/d",
    "POST /ledgers//digest",
    "PUT /ledgers/a",
    "GET /ledgers/a/digest",
  ])("knows no other operation: %s", async (line) => {
    const [method = "", path = ""] = line.split(" ");
    const response = await fetch(test.server.endpoint + path, { method });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ __type: "UnknownOperationException" });
  });

  it("takes sessions from a ledger that is deleted", async () => {
    const driver = test.driver();
    await driver.executeLambda((transaction) => transaction.execute("CREATE TABLE Cars"));
    await client.send(new DeleteLedgerCommand({ Name: testLedgerName }));
    const after = driver.executeLambda((transaction) => transaction.execute("SELECT * FROM Cars"));
    await expect(after).rejects.toMatchObject({ name: "BadRequestException" });
  });
});
