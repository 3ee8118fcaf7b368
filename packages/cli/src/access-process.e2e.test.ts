// SPDX-License-Identifier: MIT
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { buildPackage } from "@ledger-loader/testkit";

const root = join(__dirname, "..", "..", "..");
const main = join(__dirname, "..", "dist", "main.js");
const EVENT = '{"op":"INSERT","table":"Vehicle","id":"v1","version":0,"data":{"vin":"v1"}}';

let folder: string;
let keys: string;

beforeAll(() => {
  // What users run is the built program; after a build this does nothing.
  buildPackage(join(root, "packages", "cli"));
  folder = mkdtempSync(join(tmpdir(), "cli-access-process-"));
  keys = join(folder, "keys.json");
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function run(
  words: readonly string[],
  env: Record<string, string> = {},
  input = "",
): Promise<[number, string]> {
  const running = promisify(execFile)(process.execPath, [main, ...words], { env });
  running.child.stdin?.end(input);
  try {
    const { stdout, stderr } = await running;
    return [0, stdout + stderr];
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return [code, stdout + stderr];
  }
}

async function addKey(user: string): Promise<Record<string, string>> {
  const [, output] = await run(["ledger", "add-key", keys, "--user", user, "--json"]);
  const { accessKeyId, secretAccessKey } = JSON.parse(output) as Record<string, string>;
  return { AWS_ACCESS_KEY_ID: accessKeyId ?? "", AWS_SECRET_ACCESS_KEY: secretAccessKey ?? "" };
}

async function serve(...options: string[]): Promise<{ server: ChildProcess; endpoint: string }> {
  const words = ["ledger", "serve", "--data", join(folder, "data"), "--port", "0", ...options];
  const server = spawn(process.execPath, [main, ...words], { stdio: ["ignore", "pipe", "pipe"] });
  const [announced] = (await once(server.stdout, "data")) as [Buffer];
  const endpoint = /https?:\/\/[\d.:]+/.exec(announced.toString())?.[0] ?? "";
  return { server, endpoint };
}

it("serves programs by TLS with keys that it reads again on SIGHUP", async () => {
  const admin = await addKey("admin");
  const { server, endpoint } = await serve("--credentials", keys, "--tls-self-signed");
  expect(endpoint).toMatch(/^https:/);
  const noted = text(server.stderr!);
  const environment = {
    LEDGER_ENDPOINT: endpoint,
    NODE_EXTRA_CA_CERTS: join(folder, "data", "self-signed-certificate.pem"),
  };
  try {
    expect(await run(["ledger", "create", "vehicles"], { ...environment, ...admin })).toEqual([
      0,
      expect.any(String),
    ]);
    expect(await run(["load", "-", "--to", "ledger:vehicles"], { ...environment, ...admin }, EVENT)).toEqual([
      0,
      expect.any(String),
    ]);
    expect(await run(["ledger", "verify", "vehicles"], { ...environment, ...admin })).toEqual([
      0,
      expect.any(String),
    ]);
    const untrusted = await run(["ledger", "list"], { LEDGER_ENDPOINT: endpoint, ...admin });
    expect(untrusted).toEqual([2, expect.stringContaining("NODE_EXTRA_CA_CERTS")]);

    const second = await addKey("second");
    const list = () => run(["ledger", "list"], { ...environment, ...second });
    expect(await list()).toEqual([2, expect.stringContaining("UnrecognizedClientException")]);
    server.kill("SIGHUP");
    await expect(list()).resolves.toEqual([0, expect.any(String)]);
  } finally {
    server.kill("SIGTERM");
  }
  expect(await once(server, "exit")).toEqual([0, null]);
  expect(await noted).toContain("read the files of the command line again");
});

it("does not listen beyond loopback without credentials, unless it is told to", async () => {
  const words = ["ledger", "serve", "--data", join(folder, "open"), "--port", "0", "--host", "0.0.0.0"];
  expect(await run(words)).toEqual([2, expect.stringMatching(/--credentials FILE.*--insecure/s)]);
  const { server, endpoint } = await serve("--host", "0.0.0.0", "--insecure");
  try {
    expect(await run(["ledger", "list"], { LEDGER_ENDPOINT: endpoint })).toEqual([0, expect.any(String)]);
  } finally {
    server.kill("SIGTERM");
  }
  await once(server, "exit");
});

it.each([
  [["--tls-cert", "a.pem"], /--tls-cert and --tls-key together/],
  [["--tls-key", "a.pem"], /--tls-cert and --tls-key together/],
  [["--tls-self-signed", "--tls-key", "a.pem"], /found both/],
  [["--tls-cert", "a.pem", "--tls-key", "b.pem"], /a\.pem: expected a certificate in PEM, found ENOENT/],
])("refuses %j and says how to fix it", async (options, message) => {
  const [exitCode, output] = await run([
    "ledger",
    "serve",
    "--data",
    join(folder, "refused"),
    "--port",
    "0",
    ...options,
  ]);
  expect([exitCode, output]).toEqual([2, expect.stringMatching(message)]);
});
