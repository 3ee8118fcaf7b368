// SPDX-License-Identifier: MIT
import { once } from "node:events";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { Agent } from "node:https";
import { join } from "node:path";
import { connect } from "node:tls";
import { ListLedgersCommand, QLDBClient } from "@aws-sdk/client-qldb";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { QldbDriver, RetryConfig } from "amazon-qldb-driver-nodejs";
import { openTestServer, testLedgerName, type TestServer } from "../../../test/open-test-server";
import { makeSelfSigned } from "./self-signed";
import { SELF_SIGNED_FILE } from "./server-access";

const admin = { accessKeyId: "ADMIN00000000001", secretAccessKey: "admin-secret-of-a-test" };

let test: TestServer;
let credentialsFile: string;
const closers: (() => void)[] = [];

beforeEach(async () => {
  test = await openTestServer();
  credentialsFile = join(test.dataFolder, "keys.json");
  const Statement = [{ Effect: "Allow", Action: "qldb:*", Resource: "*" }];
  const { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey } = admin;
  await writeFile(credentialsFile, JSON.stringify({ Keys: [{ AccessKeyId, SecretAccessKey, Statement }] }), {
    mode: 0o600,
  });
});
afterEach(async () => {
  for (const close of closers.splice(0)) close();
  await test.close();
});

function driver(ca: string | undefined, credentials = admin, endpoint = test.server.endpoint): QldbDriver {
  const httpsAgent = new Agent({ keepAlive: true, ...(ca === undefined ? {} : { ca }) });
  const config = { region: "us-east-1", endpoint, credentials };
  const made = new QldbDriver(testLedgerName, config, { httpsAgent }, 2, new RetryConfig(0));
  closers.push(
    () => {
      made.close();
    },
    () => {
      httpsAgent.destroy();
    },
  );
  return made;
}

function controlClient(ca: string, config: ConstructorParameters<typeof QLDBClient>[0]): QLDBClient {
  const client = new QLDBClient({
    region: "us-east-1",
    endpoint: test.server.endpoint,
    credentials: admin,
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({ httpsAgent: new Agent({ ca }) }),
    ...config,
  });
  closers.push(() => {
    client.destroy();
  });
  return client;
}

async function handshake(ca: string, ALPNProtocols: string[] = []) {
  const socket = connect({
    port: Number(new URL(test.server.endpoint).port),
    host: "127.0.0.1",
    ca,
    ALPNProtocols,
  });
  await once(socket, "secureConnect");
  const found = {
    protocol: socket.alpnProtocol,
    fingerprint: socket.getPeerX509Certificate()?.fingerprint256,
  };
  socket.destroy();
  return found;
}

describe("A server with a self-signed certificate", () => {
  let ca: string;
  beforeEach(async () => {
    await test.restart({ credentialsFile, tls: "self-signed" });
    ca = await readFile(join(test.dataFolder, SELF_SIGNED_FILE), "utf8");
  });

  it("serves the official driver and the SDK, signed, to clients that trust its certificate", async () => {
    expect(test.server.endpoint).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    const connected = driver(ca);
    await connected.executeLambda(async (transaction) => {
      await transaction.execute("CREATE TABLE T");
    });
    await connected.executeLambda((transaction) => transaction.execute("INSERT INTO T << {'a': 1} >>"));
    expect(await connected.getTableNames()).toEqual(["T"]);
    expect((await controlClient(ca, {}).send(new ListLedgersCommand({}))).Ledgers).toHaveLength(1);
    const byName = test.server.endpoint.replace("127.0.0.1", "localhost");
    expect(await driver(ca, admin, byName).getTableNames()).toEqual(["T"]);
  });

  it("is refused by clients that do not trust it, and refuses plain HTTP", async () => {
    await expect(driver(undefined).getTableNames()).rejects.toThrow();
    await expect(fetch(test.server.endpoint)).rejects.toMatchObject({
      cause: { code: "DEPTH_ZERO_SELF_SIGNED_CERT" },
    });
    await expect(fetch(test.server.endpoint.replace("https", "http"))).rejects.toThrow();
  });

  it.each([
    ["UnrecognizedClientException", { ...admin, accessKeyId: "ADMIN00000000002" }],
    ["InvalidSignatureException", { ...admin, secretAccessKey: "another-secret-of-a-test" }],
  ])("tells the driver %s", async (name, credentials) => {
    await expect(driver(ca, credentials).getTableNames()).rejects.toMatchObject({ name });
  });

  it("tells the SDK that its clock is wrong, and requests without a signature that it is missing", async () => {
    const skewed = controlClient(ca, { systemClockOffset: -600_000 });
    await expect(skewed.send(new ListLedgersCommand({}))).rejects.toMatchObject({
      name: "InvalidSignatureException",
      message: expect.stringMatching(/^Signature expired/) as unknown,
    });
    const stripped = controlClient(ca, {});
    stripped.middlewareStack.add(
      (next) => (args) => {
        delete (args.request as { headers: Record<string, string> }).headers["authorization"];
        return next(args);
      },
      { step: "finalizeRequest", priority: "low", name: "strip" },
    );
    await expect(stripped.send(new ListLedgersCommand({}))).rejects.toMatchObject({
      name: "MissingAuthenticationTokenException",
    });
  });

  it("speaks HTTP/1.1 to clients that could speak HTTP/2", async () => {
    expect(await handshake(ca, ["h2", "http/1.1"])).toMatchObject({ protocol: "http/1.1" });
  });
});

describe("A server with a certificate of its own", () => {
  const identity = () => makeSelfSigned(["127.0.0.1"], Date.now());
  let tls: { certificateFile: string; keyFile: string };

  async function write({ cert, key }: ReturnType<typeof identity>): Promise<void> {
    await writeFile(tls.certificateFile, cert);
    await writeFile(tls.keyFile, key, { mode: 0o600 });
  }

  beforeEach(() => {
    tls = { certificateFile: join(test.dataFolder, "tls.crt"), keyFile: join(test.dataFolder, "tls.key") };
  });

  it("uses a new certificate after a reload, and keeps the old one while the files do not fit", async () => {
    const [first, second] = [identity(), identity()];
    await write(first);
    await test.restart({ tls });
    const before = await handshake(first.cert);
    await writeFile(tls.certificateFile, second.cert);
    await expect(test.server.reload()).rejects.toMatchObject({ code: "TLS_FILE", file: tls.keyFile });
    expect(await handshake(first.cert)).toEqual(before);
    await write(second);
    await test.server.reload();
    expect((await handshake(second.cert)).fingerprint).not.toBe(before.fingerprint);
  });

  it.each<[what: string, spoil: () => Promise<unknown>, message: RegExp]>([
    ["a missing certificate", () => Promise.resolve((tls.certificateFile += "x")), /found ENOENT/],
    ["a missing key", () => Promise.resolve((tls.keyFile += "x")), /found ENOENT/],
    [
      "a certificate that is none",
      () => writeFile(tls.certificateFile, "x"),
      /a certificate in PEM, found other/,
    ],
    ["a key that is none", () => writeFile(tls.keyFile, "x"), /a private key in PEM without passphrase/],
    ["a key that others can read", () => chmod(tls.keyFile, 0o644), /chmod 600/],
    [
      "a key of another certificate",
      () => writeFile(tls.keyFile, identity().key),
      /expected the private key of/,
    ],
  ])("does not start with %s", async (_what, spoil, message) => {
    await write(identity());
    await spoil();
    await expect(test.restart({ tls })).rejects.toMatchObject({
      code: "TLS_FILE",
      message: expect.stringMatching(message) as unknown,
    });
    // The data folder is free again.
    await test.restart();
  });
});

describe("A server beyond loopback", () => {
  it.each(["0.0.0.0", "::", "", "192.0.2.1"])("does not start on %j without credentials", async (host) => {
    await expect(test.restart({ host })).rejects.toMatchObject({
      code: "SERVER_INSECURE",
      message: expect.stringMatching(/--credentials FILE.*--insecure/) as unknown,
    });
    await test.restart();
  });

  it("starts with credentials, or if it is told that it may be insecure", async () => {
    await test.restart({ host: "0.0.0.0", credentialsFile });
    expect(test.server.notices.join()).toContain("unencrypted");
    await test.restart({ host: "0.0.0.0", credentialsFile, tls: "self-signed" });
    expect(test.server.notices).toEqual([]);
    await test.restart({ host: "0.0.0.0", insecure: true });
    await test.restart({ host: "localhost" });
    expect(test.server.notices).toEqual([]);
  });
});
