// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
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

  it("takes sessions from a ledger that is deleted", async () => {
    const driver = test.driver();
    await driver.executeLambda((transaction) => transaction.execute("CREATE TABLE Cars"));
    await client.send(new DeleteLedgerCommand({ Name: testLedgerName }));
    const after = driver.executeLambda((transaction) => transaction.execute("SELECT * FROM Cars"));
    await expect(after).rejects.toMatchObject({ name: "BadRequestException" });
  });
});
