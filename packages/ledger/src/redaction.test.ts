// SPDX-License-Identifier: MIT
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { openExport, verifyExport } from "@ledger-loader/export";
import { hashesEqual, hashIon } from "@ledger-loader/ion";
import { decodeBlock, decodeRedactionInfo, revisionProof, verifyProof } from "@ledger-loader/journal";
import Libsql from "libsql";
import { openTestStore, query, type TestStore } from "../test/open-test-store";
import { beginCopy } from "../test/stalled-copy";
import { LedgerLimitError, RedactionError } from "./errors";
import { SqliteStorage } from "./storage/sqlite/sqlite-storage";
import { rebuildLedger } from "./verification/rebuild-ledger";
import { verifyLedger } from "./verification/verify-ledger";

interface Place {
  readonly address: string;
  readonly tableId: string;
  readonly documentId: string;
}

const SECRET = "Jane Citizen of Elm Street";

describe("A redacted revision", () => {
  let test: TestStore;
  beforeEach(async () => {
    test = await openTestStore();
    await query(test.ledger, "CREATE TABLE People");
    await query(test.ledger, "CREATE INDEX ON People (name)");
  });
  afterEach(() => test.close());

  /** The place of a version of the only document with this number. */
  async function placeOf(n: number, version = 0): Promise<Place> {
    const [tableId = ""] = await query(
      test.ledger,
      "SELECT VALUE tableId FROM information_schema.user_tables WHERE name = 'People'",
    );
    const [documentId = ""] = await query(
      test.ledger,
      "SELECT VALUE h.metadata.id FROM history(People) AS h WHERE h.data.n = ? AND h.metadata.version = 0",
      String(n),
    );
    const [address = ""] = await query(
      test.ledger,
      "SELECT VALUE blockAddress FROM history(People) AS h WHERE h.metadata.id = ? AND h.metadata.version = ?",
      documentId,
      String(version),
    );
    return { address, tableId, documentId };
  }

  const redact = ({ address, tableId, documentId }: Place) =>
    query(test.ledger, "EXEC REDACT_REVISION ?, ?, ?", address, tableId, documentId);

  async function filesWith(text: string): Promise<string[]> {
    const names = await readdir(test.dataFolder);
    const found = await Promise.all(
      names.map(async (name) => ((await readFile(join(test.dataFolder, name))).includes(text) ? [name] : [])),
    );
    return found.flat();
  }

  it("is asked for in a block of its own, and leaves only its hash in journal and history", async () => {
    await query(test.ledger, "INSERT INTO People ?", `{n: 1, name: "${SECRET}"}`);
    await query(test.ledger, "UPDATE People SET name = 'nobody' WHERE n = 1");
    const place = await placeOf(1);
    const [row] = await redact(place);
    expect(row).toBe(
      `{blockAddress:${place.address},tableId:${place.tableId},documentId:${place.documentId},version:0}`,
    );
    const head = (await test.ledger.readHead())!;
    const request = decodeBlock((await test.ledger.readBlock(head.sequenceNo))!.ion);
    const [redacted] = decodeRedactionInfo(request.redactionInfo!);
    expect(redacted).toMatchObject({ blockAddress: { sequenceNo: 2 }, version: 0 });
    const listed = request.entriesHashList.some((hash) => hashesEqual(hash, hashIon(request.redactionInfo!)));
    expect(listed).toBe(true);
    const history =
      "SELECT VALUE {'v': metadata.version, 'd': data, 'h': dataHash IS NOT MISSING} FROM history(People)";
    expect((await query(test.ledger, history)).sort()).toEqual([
      "{v:0,h:true}",
      '{v:1,d:{n:1,name:"nobody"},h:false}',
    ]);
    expect(await query(test.ledger, "SELECT n FROM People WHERE name = 'nobody'")).toEqual(["{n:1}"]);
  });

  it.each([
    ["small", ""],
    ["as long as a page", "x".repeat(4000)],
    ["of several pages", "y".repeat(60_000)],
  ])("leaves no byte in the folder: %s", async (_size, padding) => {
    for (let n = 0; n < 30; n++) {
      const name = n % 10 === 3 ? SECRET : `name ${n}`;
      await query(
        test.ledger,
        "INSERT INTO People ?",
        `{n: ${n}, name: "${name}", more: "${padding}${name}"}`,
      );
      if (n % 10 === 5)
        await query(test.ledger, "UPDATE People SET name = 'nobody', more = '' WHERE n = ?", `${n - 2}`);
      if (n % 10 === 6) await query(test.ledger, "UPDATE People SET age = ? WHERE n < ?", `${n}`, `${n}`);
    }
    expect(await filesWith(SECRET)).not.toEqual([]);
    for (const n of [3, 13, 23]) await redact(await placeOf(n));
    expect(await filesWith(SECRET)).toEqual([]);
    await test.reopen();
    expect(await filesWith(SECRET)).toEqual([]);
    expect(await test.ledger.verify()).toMatchObject({ assurance: "consistent", tally: { redacted: 3 } });
  });

  it("leaves no byte once a copy is complete that was begun before, and the copy is sound", async () => {
    await query(test.ledger, "INSERT INTO People ?", `{n: 1, name: "${SECRET}"}`);
    await query(test.ledger, "UPDATE People SET name = 'nobody' WHERE n = 1");
    const folder = await mkdtemp(join(tmpdir(), "redacted-copy-"));
    const { copying, pipe } = await beginCopy(test.ledger, folder);
    const place = await placeOf(1);
    await redact(place);
    const bytes = await readFile(pipe);
    await copying;
    expect([bytes.includes(SECRET), await filesWith(SECRET)]).toEqual([true, []]);
    const copy = join(folder, "copy");
    await writeFile(copy, bytes);
    const copied = SqliteStorage.open(copy);
    expect(await verifyLedger(copied)).toMatchObject({ verdict: "passed", findings: [] });
    await copied.close();
    await rm(folder, { recursive: true });
  });

  it("leaves no byte in a file of a version that did not overwrite what it deleted", async () => {
    await query(test.ledger, "INSERT INTO People ?", `{n: 1, name: "${SECRET}"}`);
    await test.store.close();
    const database = new Libsql(test.file);
    database.exec("DELETE FROM meta WHERE name = 'overwrites-deleted'; PRAGMA secure_delete = OFF;");
    database.exec(`CREATE TABLE remnant AS SELECT '${SECRET}' AS text; DROP TABLE remnant`);
    database.close();
    await test.reopen();
    await query(test.ledger, "DELETE FROM People");
    await redact(await placeOf(1));
    expect(await filesWith(SECRET)).toEqual([]);
  });

  it("leaves no byte after a crash between the commit and the removal", async () => {
    await query(test.ledger, "INSERT INTO People ?", `{n: 1, name: "${SECRET}"}`);
    await query(test.ledger, "DELETE FROM People");
    await test.store.close();
    const database = new Libsql(test.file);
    database.exec(
      "INSERT INTO meta VALUES ('erasure-pending', 'yes'); DELETE FROM meta WHERE name = 'overwrites-deleted'",
    );
    database.exec(
      "PRAGMA secure_delete = OFF; UPDATE blocks SET ion = zeroblob(9); UPDATE revisions SET data = NULL",
    );
    database.exec("DELETE FROM index_entries");
    database.close();
    await writeFile(`${test.file}-wal.lost-2-2`, SECRET);
    expect(await filesWith(SECRET)).not.toEqual([]);
    await test.reopen();
    expect(await filesWith(SECRET)).toEqual([]);
  });

  it("keeps digest and proofs from before, and later exports verify", async () => {
    await query(test.ledger, "INSERT INTO People << {'n': 1, 'name': 'a'}, {'n': 2, 'name': 'b'} >>");
    await query(test.ledger, "UPDATE People SET name = 'c' WHERE n = 1");
    const digest = await test.ledger.digest();
    const tip = digest.tipAddress.sequenceNo;
    const blockProof = await test.ledger.proveBlock(2, tip);
    const before = decodeBlock((await test.ledger.readBlock(2))!.ion);
    await redact(await placeOf(1));
    const block = decodeBlock((await test.ledger.readBlock(2))!.ion);
    const [redacted] = block.revisions!;
    expect(redacted).toMatchObject({
      hash: before.revisions![0]!.hash,
      dataHash: hashIon(before.revisions![0]!.data!),
    });
    const proof = revisionProof(before, 0, blockProof);
    expect(verifyProof(redacted!.hash, proof, digest.hash)).toBe(true);
    const folder = await mkdtemp(join(tmpdir(), "redaction-"));
    const { manifestPath } = await test.ledger.export({ folder, format: "ion-binary" });
    const report = await verifyExport(await openExport([manifestPath]), { digest });
    expect(report).toMatchObject({ assurance: "anchored" });
    expect(report.findings.every(({ severity }) => severity !== "failed")).toBe(true);
    await rm(folder, { recursive: true });
  });

  it("is erased from a rebuilt ledger too, whose journal still holds the data", async () => {
    await query(test.ledger, "INSERT INTO People << {'n': 1, 'name': 'a'}, {'n': 2, 'name': 'b'} >>");
    await query(test.ledger, "UPDATE People SET age = 5");
    await query(test.ledger, "UPDATE People SET name = 'c' WHERE n = 2");
    await query(test.ledger, "DELETE FROM People WHERE n = 1");
    const places = [await placeOf(1), await placeOf(2, 1), await placeOf(1, 1)];
    const whole = [];
    for await (const block of test.ledger.blocks()) whole.push(block);
    // Versions 0 and 1 of both documents have one key, so one entry of the index, which each redaction splits or shortens.
    for (const place of places) await redact(place);
    const requests = [];
    for await (const block of test.ledger.blocks({ first: whole.length })) requests.push(block);
    const head = (await test.ledger.readHead())!;
    await test.store.close();
    const stored = SqliteStorage.open(test.file);
    const rebuilt = SqliteStorage.open();
    await rebuildLedger(rebuilt, toAsync([...whole, ...requests]));
    expect(await collect(rebuilt.derivedState(head.sequenceNo))).toEqual(
      await collect(stored.derivedState(head.sequenceNo)),
    );
    expect((await rebuilt.readBlock(2))!.ion).toEqual((await stored.readBlock(2))!.ion);
    await Promise.all([stored.close(), rebuilt.close()]);
  });

  it("does not make a verification fail that runs meanwhile", async () => {
    for (let n = 0; n < 20; n++) await query(test.ledger, "INSERT INTO People ?", `{n: ${n}, name: "${n}"}`);
    const places = await Promise.all([1, 2, 3].map((n) => placeOf(n)));
    await query(test.ledger, "DELETE FROM People WHERE n < 5");
    let redacting: Promise<unknown> | undefined;
    const verification = await test.ledger.verify({
      onProgress: () => {
        redacting ??= Promise.all(places.map((place) => redact(place)));
      },
    });
    await redacting;
    expect(verification).toMatchObject({ assurance: "consistent" });
    expect(await test.ledger.verify()).toMatchObject({ assurance: "consistent", tally: { redacted: 3 } });
  });

  it("is refused while it is current, when it is a deletion, redacted, unknown or another ledger's", async () => {
    await query(test.ledger, "INSERT INTO People ?", "{n: 1}");
    const place = await placeOf(1);
    await expect(redact(place)).rejects.toThrow("found the current one");
    await query(test.ledger, "DELETE FROM People");
    await redact(place);
    await expect(redact(place)).rejects.toThrow("found one that is redacted");
    await expect(redact(await placeOfVersion(place, 1))).rejects.toThrow("found a deletion");
    for (const unknown of [
      { ...place, address: place.address.replace("2", "99") },
      { ...place, address: '{strandId:"KmA3ZZca7vAIiJAK9S5Iwl",sequenceNo:2}' },
      { ...place, documentId: '"KmA3ZZca7vAIiJAK9S5Iwl"' },
      { ...place, tableId: '"KmA3ZZca7vAIiJAK9S5Iwl"' },
    ]) {
      await expect(redact(unknown)).rejects.toThrow(RedactionError);
    }
  });

  async function placeOfVersion(place: Place, version: number): Promise<Place> {
    const text =
      "SELECT VALUE blockAddress FROM history(People) AS h WHERE h.metadata.id = ? AND h.metadata.version = ?";
    const [address = ""] = await query(test.ledger, text, place.documentId, String(version));
    return { ...place, address };
  }

  it.each([
    [1, 1],
    [3, 3],
  ])("is one of at most %i in a transaction, unless the limit is raised", async (max, redacted) => {
    await test.close();
    test = await openTestStore({ limits: { redactionsPerTransactionMax: max } });
    await query(test.ledger, "CREATE TABLE People");
    for (const n of [1, 2, 3, 4]) await query(test.ledger, "INSERT INTO People ?", `{n: ${n}}`);
    const places = await Promise.all([1, 2, 3, 4].map((n) => placeOf(n)));
    await query(test.ledger, "DELETE FROM People");
    const refused = await test.ledger.transact(async (transaction) => {
      const results = [];
      for (const { address, tableId, documentId } of places) {
        const statement = `EXEC redact_revision \`${address}\`, ${tableId.replaceAll('"', "'")}, ${documentId.replaceAll('"', "'")}`;
        results.push(
          await transaction.execute(statement).then(
            () => undefined,
            (error: unknown) => error,
          ),
        );
      }
      return results.filter((result) => result !== undefined);
    });
    expect(refused.length).toBe(4 - redacted);
    expect(refused.every((error) => error instanceof LedgerLimitError)).toBe(true);
    expect(await test.ledger.verify()).toMatchObject({ tally: { redacted } });
  });
});

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

async function* toAsync<T>(items: readonly T[]): AsyncIterable<T> {
  for (const item of items) yield await Promise.resolve(item);
}
