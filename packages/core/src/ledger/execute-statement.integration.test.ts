// SPDX-License-Identifier: MIT
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { startLedger, type TestLedger } from "@ledger-loader/testkit";
import { QldbDriver, type TransactionExecutor } from "amazon-qldb-driver-nodejs";
import { dom, dumpText, load } from "ion-js";
import { executeStatement } from "./execute-statement";

let ledger: TestLedger;
let driver: QldbDriver;
beforeAll(async () => {
  ledger = await startLedger({ tables: { T: ["id"] }, limits: { documentsPerTransactionMax: 1000 } });
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  driver = new QldbDriver(ledger.name, { region: "us-east-1", endpoint: ledger.endpoint, credentials });
});
afterAll(async () => {
  driver.close();
  await ledger.close();
});

const ion = (text: string): dom.Value => load(text)!;

/** An executor as a driver would have it that keeps its transaction elsewhere. */
function withoutInternals(executor: TransactionExecutor): TransactionExecutor {
  const execute = (statement: string, ...parameters: unknown[]): ReturnType<TransactionExecutor["execute"]> =>
    executor.execute(statement, ...parameters);
  return Object.assign(Object.create(null) as TransactionExecutor, { execute });
}

describe("A statement in the driver's transaction", () => {
  const document = `{
    id: "every type", list: [1, -0e0, 1.50, 1e0, nan, true], sexp: (a b), text: "ü", symbol: 'a b', blob: {{AAEC}},
    clob: {{"x"}}, time: 2020-01-01T00:00:00.000-00:00, none: null, no_struct: null.struct, note: a::b::5,
    twice: 1, twice: 2, large: 123456789012345678901234567890
  }`;

  it("commits what the driver's own statements around it would have committed", async () => {
    const found = await driver.executeLambda(async (executor) => {
      await executor.execute("INSERT INTO T ?", ion("{id: 1}"));
      await executeStatement(executor, "INSERT INTO T ?", [ion(document)]);
      const rows = await executeStatement(
        executor,
        "SELECT VALUE d FROM T AS d WHERE d.id = ? AND d.twice = ?",
        [ion('"every type"'), ion("2")],
      );
      await executor.execute("SELECT * FROM T AS d WHERE d.id = ?", ion("1"));
      return rows;
    });
    expect(found.map((row) => dumpText(row))).toEqual([dumpText(ion(document))]);
  });

  it("fetches every page of its rows", async () => {
    const ids = Array.from({ length: 450 }, (_, i) => `page ${i}`);
    const rows = await driver.executeLambda(async (executor) => {
      await executeStatement(executor, "INSERT INTO T ?", [dom.Value.from(ids.map((id) => ({ id })))]);
      return executeStatement(executor, "SELECT VALUE d.id FROM T AS d WHERE d.id IN ?", [
        dom.Value.from(ids),
      ]);
    });
    expect(rows.map((row) => row.stringValue())).toEqual(ids);
  });

  it("reaches the ledger by the public way where the driver is made differently inside", async () => {
    const rows = await driver.executeLambda(async (executor) => {
      const other = withoutInternals(executor);
      await executeStatement(other, "INSERT INTO T ?", [ion("{id: 2}")]);
      return executeStatement(other, "SELECT VALUE d.id FROM T AS d WHERE d.id = ?", [ion("2")]);
    });
    expect(rows.map((row) => row.numberValue())).toEqual([2]);
  });

  it("reports what the ledger refuses as the driver does", async () => {
    const refusal = (run: (executor: TransactionExecutor) => Promise<unknown>): Promise<unknown> =>
      driver.executeLambda(run).catch((error: unknown) => error);
    const own = await refusal((executor) => executeStatement(executor, "SELECT * FROM Nowhere", []));
    const drivers = await refusal((executor) => executor.execute("SELECT * FROM Nowhere"));
    expect(own).toBeInstanceOf(Error);
    expect([(own as Error).name, (own as Error).message]).toEqual([
      (drivers as Error).name,
      (drivers as Error).message,
    ]);
  });
});
