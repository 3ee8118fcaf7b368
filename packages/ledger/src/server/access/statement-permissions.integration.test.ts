// SPDX-License-Identifier: MIT
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import type { QldbDriver } from "amazon-qldb-driver-nodejs";
import { dumpText } from "ion-js";
import { openTestServer, type TestServer } from "../../../test/open-test-server";

const user = { accessKeyId: "USER0000000001", secretAccessKey: "user-secret-of-a-test" };
const ledgerName = "standard";
const ledger = `arn:aws:qldb:us-east-1:111122223333:ledger/${ledgerName}`;

let test: TestServer;
let driver: QldbDriver;
let personId: string;

interface Statement {
  readonly Effect?: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

/** Gives the key these permissions, beside that to send commands. */
async function permit(...statements: Statement[]): Promise<void> {
  const Statement = [{ Action: "qldb:SendCommand", Resource: ledger }, ...statements].map((statement) => ({
    Effect: "Allow",
    ...statement,
  }));
  const { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey } = user;
  const file = JSON.stringify({ Keys: [{ AccessKeyId, SecretAccessKey, UserName: "ada", Statement }] });
  await writeFile(join(test.dataFolder, "keys.json"), file, { mode: 0o600 });
}

async function reload(...statements: Statement[]): Promise<void> {
  await permit(...statements);
  await test.server.reload();
}

const run = async (statement: string) =>
  (await driver.executeLambda((transaction) => transaction.execute(statement))).getResultList();

beforeAll(async () => {
  test = await openTestServer();
  await permit();
  await test.restart({ credentialsFile: join(test.dataFolder, "keys.json") });
  const embedded = await test.server.store.createLedger(ledgerName, { permissionsMode: "STANDARD" });
  await embedded.transact(async (transaction) => {
    const [created] = await transaction.execute("CREATE TABLE Person");
    personId = created?.get("tableId")?.stringValue() ?? "";
    await transaction.execute("CREATE TABLE Secret");
  });
  await embedded.transact(async (transaction) => {
    await transaction.execute("INSERT INTO Person << {'name': 'Ada'} >>");
    await transaction.execute("INSERT INTO Secret << {'word': 'x'} >>");
  });
  driver = test.driver(ledgerName, { credentials: user });
});
afterAll(() => test.close());
beforeEach(() => reload());

const table = (name: string) => `${ledger}/table/${name}`;
const partiql = (action: string, Resource: Statement["Resource"]) => ({
  Action: `qldb:PartiQL${action}`,
  Resource,
});
const denied = (action: string) => ({
  name: "AccessDeniedException",
  message: expect.stringMatching(
    new RegExp(
      "^Access denied\\. Unable to run the statement due to insufficient permissions or an improper variable reference\\. " +
        `User: arn:aws:iam::000000000000:user/ada is not authorized to perform: qldb:PartiQL${action} on resource: arn:`,
    ),
  ) as unknown,
});

describe("In a ledger of the mode STANDARD, a key without permissions for tables", () => {
  it.each([
    ["Select", "SELECT * FROM Person"],
    ["Select", "SELECT * FROM _ql_committed_Person"],
    ["Select", "SELECT * FROM Person WHERE name = 'Nobody'"],
    ["Select", "SELECT * FROM Person BY id WHERE id = 'none'"],
    ["Select", "SELECT p.name FROM << 0 >> AS zero, Person AS p"],
    ["Select", "SELECT name FROM information_schema.user_tables"],
    ["HistoryFunction", "SELECT * FROM history(Person)"],
    ["Insert", "INSERT INTO Person << {'name': 'Bob'} >>"],
    ["Select", "UPDATE Person SET name = 'Bob'"],
    ["Select", "DELETE FROM Person"],
    ["CreateTable", "CREATE TABLE Other"],
    ["DropTable", "DROP TABLE Person"],
    ["CreateIndex", "CREATE INDEX ON Person (name)"],
  ])("lacks qldb:PartiQL%s for %s", async (action, statement) => {
    await expect(run(statement)).rejects.toMatchObject(denied(action));
  });

  it("runs what touches no table", async () => {
    expect(await run("SELECT VALUE 1 FROM << 0 >>")).toHaveLength(1);
  });
});

describe("In a ledger of the mode STANDARD, a key with permissions", () => {
  it.each([() => table("*"), () => table("Person"), () => table(personId)])(
    "reads the tables of its policy, by name or id, and no others",
    async (resource) => {
      await reload(partiql("Select", [resource()]), { Effect: "Deny", ...partiql("*", table("Secret")) });
      expect(await run("SELECT * FROM Person")).toHaveLength(1);
      await expect(run("SELECT * FROM Person AS p, Secret AS s")).rejects.toMatchObject(denied("Select"));
      await expect(run("SELECT * FROM history(Person)")).rejects.toMatchObject(denied("HistoryFunction"));
      await expect(run("UPDATE Person SET name = 'Bob'")).rejects.toMatchObject(denied("Update"));
      await expect(run("DELETE FROM Person")).rejects.toMatchObject(denied("Delete"));
      await expect(run("FROM Person AS p REMOVE p")).rejects.toMatchObject(denied("Delete"));
    },
  );

  it("reads the list of tables", async () => {
    await reload(partiql("Select", `${ledger}/information_schema/user_tables`));
    expect(await driver.getTableNames()).toEqual(expect.arrayContaining(["Person", "Secret"]));
    await expect(run("SELECT * FROM Person")).rejects.toMatchObject(denied("Select"));
  });

  it("reads history without reading current documents", async () => {
    await reload(partiql("HistoryFunction", table("Person")));
    expect((await run("SELECT * FROM history(Person)")).length).toBeGreaterThan(0);
    await expect(run("SELECT * FROM Person")).rejects.toMatchObject(denied("Select"));
  });

  it("writes without reading, and reads without creating tables", async () => {
    await reload(partiql("Insert", table("Person")));
    expect(await run("INSERT INTO Person << {'name': 'Eve'} >>")).toHaveLength(1);
    await expect(run("INSERT INTO Secret << {'word': 'y'} >>")).rejects.toMatchObject(denied("Insert"));
    await reload({
      Action: ["qldb:PartiQLSelect", "qldb:PartiQLUpdate", "qldb:PartiQLDelete"],
      Resource: table("Person"),
    });
    expect(await run("UPDATE Person SET seen = true WHERE name = 'Eve'")).toHaveLength(1);
    expect(await run("DELETE FROM Person WHERE name = 'Eve'")).toHaveLength(1);
    await expect(run("CREATE TABLE New")).rejects.toMatchObject(denied("CreateTable"));
  });

  it("creates, indexes and drops tables", async () => {
    await reload(partiql("CreateTable", table("*")));
    await run("CREATE TABLE Boat");
    await expect(run("CREATE INDEX ON Boat (name)")).rejects.toMatchObject(denied("CreateIndex"));
    await reload(partiql("CreateIndex", table("Boat")), partiql("DropTable", table("Boat")));
    await run("CREATE INDEX ON Boat (name)");
    await run("DROP TABLE Boat");
  });

  it("drops indexes, undrops tables and redacts revisions", async () => {
    const everything = partiql("*", [table("*"), `${ledger}/information_schema/user_tables`]);
    await reload(everything);
    const [created] = await run("CREATE TABLE Old");
    await run("CREATE INDEX ON Old (name)");
    const [inserted] = await run("INSERT INTO Old << {'name': 'Mary'} >>");
    await run("DELETE FROM Old");
    const [first] = await run("SELECT blockAddress FROM history(Old) AS h WHERE h.metadata.version = 0");
    const tableId = created?.get("tableId")?.stringValue() ?? "";
    const documentId = inserted?.get("documentId")?.stringValue() ?? "";
    const [index] = await run(
      "SELECT VALUE i.indexId FROM information_schema.user_tables AS t, t.indexes AS i WHERE t.name = 'Old'",
    );
    const redact = `EXEC REDACT_REVISION \`${dumpText(first?.get("blockAddress"))}\`, '${tableId}', '${documentId}'`;
    const statements: [action: string, statement: string][] = [
      ["Redact", redact],
      ["DropIndex", `DROP INDEX "${index?.stringValue() ?? ""}" ON Old WITH (purge = true)`],
      ["DropTable", "DROP TABLE Old"],
      ["UndropTable", `UNDROP TABLE "${tableId}"`],
    ];
    for (const [action, statement] of statements) {
      await reload(everything, { Effect: "Deny", ...partiql(action, table("Old")) });
      await expect(run(statement)).rejects.toMatchObject(denied(action));
      await reload(partiql(action, table(tableId)));
      expect(await run(statement)).toHaveLength(1);
    }
  });

  it("goes on in the transaction whose statement was refused before it changed anything", async () => {
    await reload(partiql("Select", table("Person")));
    await driver.executeLambda(async (transaction) => {
      await expect(transaction.execute("SELECT * FROM Secret")).rejects.toMatchObject(denied("Select"));
      await transaction.execute("SELECT * FROM Person");
    });
  });
});

it("needs no permissions for tables in a ledger of the mode ALLOW_ALL", async () => {
  const embedded = await test.server.store.open(ledgerName);
  await embedded.update({ permissionsMode: "ALLOW_ALL" });
  expect((await run("SELECT * FROM Secret")).length).toBeGreaterThan(0);
  await embedded.update({ permissionsMode: "STANDARD" });
  await expect(run("SELECT * FROM Secret")).rejects.toMatchObject(denied("Select"));
});
