// SPDX-License-Identifier: MIT
// #region tutorial
import { QldbDriver } from "amazon-qldb-driver-nodejs";

/** Registers a vehicle and finds it again: code for QLDB, with nothing changed but the endpoint. */
export async function registerVehicle(endpoint: string, ledgerName: string): Promise<string | undefined> {
  const credentials = { accessKeyId: "any", secretAccessKey: "any" };
  const driver = new QldbDriver(ledgerName, { endpoint, region: "us-east-1", credentials });
  try {
    await driver.executeLambda(async (txn) => {
      await txn.execute("CREATE TABLE Vehicle");
    });
    await driver.executeLambda(async (txn) => {
      await txn.execute("CREATE INDEX ON Vehicle (VIN)");
    });
    return await driver.executeLambda(async (txn) => {
      await txn.execute("INSERT INTO Vehicle ?", { VIN: "1N4AL11D75C109151", Make: "Audi", Year: 2011 });
      const found = await txn.execute("SELECT v.Make FROM Vehicle AS v WHERE v.VIN = ?", "1N4AL11D75C109151");
      return found.getResultList()[0]?.get("Make")?.stringValue() ?? undefined;
    });
  } finally {
    driver.close();
  }
}
// #endregion
