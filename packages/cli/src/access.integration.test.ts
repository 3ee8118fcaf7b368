// SPDX-License-Identifier: MIT
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { runWords, serve, type ServedLedgers } from "../test/run-words";

const EVENTS = [
  '{"op":"INSERT","table":"Vehicle","id":"v1","version":0,"data":{"vin":"v1"}}',
  '{"op":"UPDATE","table":"Vehicle","id":"v1","version":1,"data":{"vin":"v1","km":10}}',
].join("\n");

type Keys = Readonly<Record<"AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY", string>>;

let folder: string;
let file: string;
let server: ServedLedgers;
let admin: Keys;

async function addKey(...options: readonly string[]): Promise<Keys> {
  const added = await runWords(["ledger", "add-key", file, ...options, "--json"]);
  expect(added).toMatchObject({ exitCode: 0 });
  const { accessKeyId, secretAccessKey } = added.json() as Record<string, string>;
  return { AWS_ACCESS_KEY_ID: accessKeyId ?? "", AWS_SECRET_ACCESS_KEY: secretAccessKey ?? "" };
}

/** The AWS SDK reads the variables of this process and not those of a test. */
async function as(keys: Readonly<Record<string, string>> | undefined, words: readonly string[], stdin = "") {
  const before = { ...process.env };
  Object.assign(process.env, keys);
  try {
    return await runWords(words, { env: { ...server.env, ...keys }, stdin });
  } finally {
    process.env = before;
  }
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cli-access-"));
  file = join(folder, "keys.json");
  admin = await addKey();
  server = await serve(join(folder, "data"), "--credentials", file);
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe("A server with credentials", () => {
  it("serves every command that signs with a key of the file", async () => {
    const ok = async (words: readonly string[], stdin?: string) => {
      const result = await as(admin, words, stdin);
      expect([words, result.exitCode, result.stderr]).toEqual([words, 0, expect.anything()]);
      return result;
    };
    await ok(["ledger", "create", "vehicles", "--permissions-mode", "STANDARD"]);
    await ok(["load", "-", "--to", "ledger:vehicles"], EVENTS);
    expect((await ok(["ledger", "query", "vehicles", "SELECT km FROM Vehicle"])).stdout).toBe("{km:10}\n");
    await ok(["ledger", "verify", "vehicles"]);
    await ok(["ledger", "export", "vehicles", "--output", join(folder, "export")]);
    await ok(["ledger", "backup", "vehicles", "--output", join(folder, "backup")]);
  });

  it.each([
    ["no key", undefined, /UnrecognizedClientException/],
    ["a wrong secret", { AWS_SECRET_ACCESS_KEY: "another-secret-of-a-test" }, /InvalidSignatureException/],
  ])("refuses commands with %s", async (_what, changed, name) => {
    const keys = changed === undefined ? undefined : { ...admin, ...changed };
    const listed = await as(keys, ["ledger", "list"]);
    expect(listed).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(name) as unknown });
    const loaded = await as(keys, ["load", "-", "--to", "ledger:vehicles"], EVENTS);
    expect(loaded).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(name) as unknown });
  });

  it("is given the ledger's own key, where a command has another one for AWS", async () => {
    const own = {
      LEDGER_ACCESS_KEY_ID: admin.AWS_ACCESS_KEY_ID,
      LEDGER_SECRET_ACCESS_KEY: admin.AWS_SECRET_ACCESS_KEY,
    };
    const ofAws = { AWS_ACCESS_KEY_ID: "UNKNOWN", AWS_SECRET_ACCESS_KEY: "not-for-the-ledger" };
    expect((await as(ofAws, ["ledger", "list"])).stderr).toContain("UnrecognizedClientException");
    expect(await as({ ...ofAws, ...own }, ["ledger", "list"])).toMatchObject({ exitCode: 0 });
    const query = ["ledger", "query", "vehicles", "SELECT km FROM Vehicle"];
    expect((await as({ ...ofAws, ...own }, query)).stdout).toBe("{km:10}\n");
    const half = await as({ ...ofAws, ...own, LEDGER_SECRET_ACCESS_KEY: "" }, ["ledger", "list"]);
    expect([half.exitCode, half.stderr]).toEqual([
      2,
      expect.stringContaining("SECRET_ACCESS_KEY: expected a value"),
    ]);
  });

  it("gives keys that are added later what their level allows, once it has read the file again", async () => {
    const reader = await addKey("--user", "ada", "--access", "read", "--ledger", "vehicles");
    const query = ["ledger", "query", "vehicles", "SELECT * FROM Vehicle"];
    expect((await as(reader, query)).stderr).toContain("UnrecognizedClientException");
    server.reload();
    await sleep(200);
    expect((await as(reader, query)).exitCode).toBe(0);
    expect((await as(reader, ["ledger", "verify", "vehicles"])).exitCode).toBe(0);
    const written = await as(reader, ["ledger", "query", "vehicles", "DELETE FROM Vehicle"]);
    expect(written.stderr).toContain("user/ada is not authorized to perform: qldb:PartiQLDelete");
    const created = await as(reader, ["ledger", "create", "other"]);
    expect(created.stderr).toContain("user/ada is not authorized to perform: qldb:CreateLedger");
  });

  it("lets a key of the level write load into its ledger, and into no other", async () => {
    const loader = await addKey("--user", "loader", "--access", "write", "--ledger", "vehicles");
    server.reload();
    await sleep(200);
    const more = EVENTS.replaceAll("v1", "v2").replaceAll("Vehicle", "Boat");
    expect(await as(loader, ["load", "-", "--to", "ledger:vehicles"], more)).toMatchObject({ exitCode: 0 });
    await as(admin, ["ledger", "create", "other"]);
    const refused = await as(loader, ["ledger", "query", "other", "SELECT VALUE 1 FROM << 0 >>"]);
    expect(refused).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("AccessDenied") as unknown,
    });
  });
});

describe("A credentials file", () => {
  it("is readable by its owner only, and stays so", async () => {
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await addKey("--user", "second");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({ Keys: expect.any(Array) as unknown });
  });

  it.each([
    ["that others can read", "{}", 0o644, /chmod 600/],
    ["of another form", `{"keys": []}`, 0o600, /expected only Keys in the file/],
  ])("%s keeps the server from starting", async (_what, content, mode, message) => {
    const other = join(folder, `other-${mode}.json`);
    await writeFile(other, content, { mode });
    const refused = await runWords([
      "ledger",
      "serve",
      "--data",
      join(folder, "x"),
      "--port",
      "0",
      "--credentials",
      other,
    ]);
    expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(message) as unknown });
    expect(refused.stderr).toContain(other);
    expect((await runWords(["ledger", "add-key", other])).exitCode).toBe(2);
  });
});
