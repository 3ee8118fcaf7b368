// SPDX-License-Identifier: MIT
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { GetBlockCommand, GetDigestCommand, GetRevisionCommand, type QLDBClient } from "@aws-sdk/client-qldb";
import { openExport } from "@ledger-loader/export";
import { decodeBlock } from "@ledger-loader/journal";
import { dumpText } from "ion-js";
import { query } from "../../test/open-test-store";
import { openTestServer, type TestServer } from "../../test/open-test-server";

const Name = "cars";

/** All blocks and revisions of a ledger with their proofs, for each digest that it has given. */
type Answers = readonly unknown[];

describe("A restored ledger behind the official clients", () => {
  let old: TestServer;
  let restored: TestServer;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "restored-"));
    old = await openTestServer();
    restored = await openTestServer();
  });
  afterAll(async () => {
    await old.close();
    await restored.close();
    await rm(folder, { recursive: true });
  });

  /** Runs a history; returns the tip of the digest after each of its parts. */
  async function runHistory(): Promise<number[]> {
    const ledger = await old.server.store.createLedger(Name, { deletionProtection: false });
    const tips: number[] = [];
    for (const statements of [
      [
        "CREATE TABLE Cars",
        "CREATE INDEX ON Cars (vin)",
        "INSERT INTO Cars << {'vin': 1}, {'vin': 2}, {'vin': 3} >>",
      ],
      ["UPDATE Cars SET sold = true WHERE vin IN (1, 3)", "DELETE FROM Cars WHERE vin = 2"],
      ["DROP TABLE Cars", "CREATE TABLE Cars", "INSERT INTO Cars {'vin': 4, 'price': 12.50}"],
    ]) {
      for (const statement of statements) await query(ledger, statement);
      tips.push((await ledger.digest()).tipAddress.sequenceNo);
    }
    return tips;
  }

  async function answersOf(test: TestServer, tips: readonly number[]): Promise<Answers> {
    const client = test.controlClient();
    const ledger = await test.server.store.open(Name);
    const { strandId } = ledger.description;
    const at = (sequenceNo: number): { IonText: string } => ({
      IonText: `{strandId:"${strandId}",sequenceNo:${sequenceNo}}`,
    });
    const answers: unknown[] = [];
    for await (const { ion, sequenceNo } of ledger.blocks({ last: tips.at(-1) ?? 0 })) {
      const ids = (decodeBlock(ion).revisions ?? []).map(({ metadata }) => metadata?.id ?? "");
      for (const tip of tips.filter((one) => one >= sequenceNo)) {
        answers.push(
          ...(await prove(client, { BlockAddress: at(sequenceNo), DigestTipAddress: at(tip) }, ids)),
        );
      }
    }
    return answers;
  }

  async function prove(
    client: QLDBClient,
    addresses: { readonly BlockAddress: { IonText: string }; readonly DigestTipAddress: { IonText: string } },
    documentIds: readonly string[],
  ): Promise<Answers> {
    const { Block, Proof } = await client.send(new GetBlockCommand({ Name, ...addresses }));
    const answers: unknown[] = [{ Block, Proof }];
    for (const DocumentId of documentIds) {
      const found = await client.send(new GetRevisionCommand({ Name, ...addresses, DocumentId }));
      answers.push({ Revision: found.Revision, Proof: found.Proof });
    }
    return answers;
  }

  it("gives the same digest, blocks, revisions and proofs, and takes transactions of the official driver", async () => {
    const tips = await runHistory();
    const exported = await (await old.server.store.open(Name)).export({ folder, format: "ion-text" });
    await restored.server.store.restoreLedger(Name, await openExport([exported.manifestPath]));
    const expected = await answersOf(old, tips);
    expect(expected.length).toBe(32);
    expect(await answersOf(restored, tips)).toEqual(expected);
    const [before, after] = await Promise.all(
      [old, restored].map((test) => test.controlClient().send(new GetDigestCommand({ Name }))),
    );
    expect([after?.Digest, after?.DigestTipAddress]).toEqual([before?.Digest, before?.DigestTipAddress]);
    const driver = restored.driver(Name);
    expect(await driver.getTableNames()).toEqual(["Cars"]);
    const rows = await driver.executeLambda(async (transaction) => {
      await transaction.execute("UPDATE Cars SET price = 13 WHERE vin = 4");
      return (
        await transaction.execute("SELECT VALUE metadata.version FROM _ql_committed_Cars")
      ).getResultList();
    });
    expect(rows.map((row) => dumpText(row))).toEqual(["1"]);
    // Old proofs stay as they are when the journal grows.
    expect(await answersOf(restored, tips)).toEqual(expected);
  });
});
