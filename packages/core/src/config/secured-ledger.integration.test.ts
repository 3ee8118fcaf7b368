// SPDX-License-Identifier: MIT
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { createLoaderFromConfig, ledgerFrom, parseConfig, silentLogger } from "@ledger-loader/core";
import { addAccessKey, openLedgerServer, type AccessKeyPair, type LedgerServer } from "@ledger-loader/ledger";
import { anEvent } from "@ledger-loader/testkit";
import { aDelivery } from "../../test/letters";

const SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:ledger-AbCdEf";

let folder: string;
let server: LedgerServer;
let writer: AccessKeyPair;
let reader: AccessKeyPair;
const environment = { ...process.env };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "secured-ledger-"));
  const credentialsFile = join(folder, "keys.json");
  writer = await addAccessKey(credentialsFile, { userName: "loader", level: "write", ledgerNames: ["test"] });
  reader = await addAccessKey(credentialsFile, { userName: "ada", level: "read", ledgerNames: ["test"] });
  server = await openLedgerServer({ dataFolder: join(folder, "data"), credentialsFile });
  await server.store.createLedger("test", { permissionsMode: "STANDARD" });
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});
afterEach(() => {
  process.env = { ...environment };
});

/** Loads one event by a loader as functions and workers make it, with keys from a secret if there is one. */
async function load(id: string, secret?: AccessKeyPair, more: Readonly<Record<string, string>> = {}) {
  const config = parseConfig({
    LEDGER_NAME: "test",
    LEDGER_ENDPOINT: server.endpoint,
    CREATE_TABLES: "true",
    ...more,
    ...(secret === undefined ? {} : { LEDGER_CREDENTIALS_SECRET: SECRET }),
  });
  const readSecret = () => Promise.resolve(JSON.stringify(secret));
  const loader = await createLoaderFromConfig(config, silentLogger, { readSecret });
  try {
    return await loader.load([aDelivery(id, [anEvent({ id })])], { onFailure: "continue" });
  } finally {
    await loader.close();
  }
}

describe("A loader of a ledger that demands keys", () => {
  it("signs with the key of its secret, and needs no more than the level write", async () => {
    expect((await load("by-secret", writer)).failed).toEqual([]);
  });

  it("signs with the key of its environment, on the ledger's machine too", async () => {
    process.env["AWS_ACCESS_KEY_ID"] = writer.accessKeyId;
    process.env["AWS_SECRET_ACCESS_KEY"] = writer.secretAccessKey;
    expect((await load("by-environment")).failed).toEqual([]);
  });

  it("signs with the ledger's own key, whatever the worker's credentials of AWS are", async () => {
    process.env["AWS_ACCESS_KEY_ID"] = "of-aws";
    process.env["AWS_SECRET_ACCESS_KEY"] = "not-for-the-ledger";
    const own = {
      LEDGER_ACCESS_KEY_ID: writer.accessKeyId,
      LEDGER_SECRET_ACCESS_KEY: writer.secretAccessKey,
    };
    expect((await load("by-own-key", undefined, own)).failed).toEqual([]);
  });

  it.each([
    [
      { LEDGER_ACCESS_KEY_ID: "id" },
      "LEDGER_SECRET_ACCESS_KEY: expected a value, as LEDGER_ACCESS_KEY_ID has one",
    ],
    [
      { LEDGER_SECRET_ACCESS_KEY: "secret" },
      "LEDGER_ACCESS_KEY_ID: expected a value, as LEDGER_SECRET_ACCESS_KEY has one",
    ],
    [
      {
        LEDGER_ACCESS_KEY_ID: "id",
        LEDGER_SECRET_ACCESS_KEY: "secret",
        LEDGER_CREDENTIALS_SECRET: SECRET,
      },
      "LEDGER_CREDENTIALS_SECRET: expected it, or LEDGER_ACCESS_KEY_ID with LEDGER_SECRET_ACCESS_KEY, found both",
    ],
  ])("refuses keys that are named in part or twice: %j", (environment, message) => {
    expect(() => ledgerFrom(parseConfig({ LEDGER_NAME: "test", ...environment }))).toThrow(message);
  });

  it.each([
    ["a wrong secret", () => ({ ...writer, secretAccessKey: "wrong" }), /InvalidSignatureException/],
    ["an unknown key", () => ({ ...writer, accessKeyId: "UNKNOWN" }), /UnrecognizedClientException/],
  ])("says why it cannot load with %s", async (_what, key, message) => {
    await expect(load("refused", key())).rejects.toThrow(message);
  });

  it("fails an event that its key may not write", async () => {
    const { failed } = await load("unwritable", reader);
    expect(JSON.stringify(failed)).toMatch(/not authorized to perform: qldb:PartiQLInsert/);
  });
});
