// SPDX-License-Identifier: MIT
import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import {
  DescribeLedgerCommand,
  GetDigestCommand,
  ListLedgersCommand,
  type QLDBClientConfig,
} from "@aws-sdk/client-qldb";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { SignatureV4 } from "@smithy/signature-v4";
import { openTestServer, testLedgerName, type TestServer } from "../../../test/open-test-server";
import { Sha256 } from "./sha256";

const admin = { accessKeyId: "ADMIN00000000001", secretAccessKey: "admin-secret-of-a-test" };
const reader = { accessKeyId: "READER0000000001", secretAccessKey: "reader-secret-of-a-test" };
const everything = [{ Effect: "Allow", Action: "*", Resource: "*" }];

let test: TestServer;
let file: string;

const toKey = ({ accessKeyId, secretAccessKey }: typeof admin, Statement: unknown) => ({
  AccessKeyId: accessKeyId,
  SecretAccessKey: secretAccessKey,
  Statement,
});

async function writeKeys(...keys: unknown[]): Promise<void> {
  await writeFile(file, JSON.stringify({ Keys: keys }), { mode: 0o600 });
}

beforeEach(async () => {
  test = await openTestServer();
  file = join(test.dataFolder, "keys.json");
  await writeKeys(toKey(admin, everything));
  await test.restart({ credentialsFile: file });
});
afterEach(() => test.close());

const list = (config: QLDBClientConfig) => test.controlClient(config).send(new ListLedgersCommand({}));

const select = (credentials: typeof admin) =>
  test.driver(testLedgerName, { credentials }).executeLambda(async (transaction) => {
    const result = await transaction.execute("SELECT VALUE 1 FROM << 0 >>");
    expect(result.getResultList()).toHaveLength(1);
  });

describe("The official clients", () => {
  it("are served with a key of the file", async () => {
    expect((await list({ credentials: admin })).Ledgers).toHaveLength(1);
    await select(admin);
  });

  it.each([
    ["UnrecognizedClientException", { ...admin, accessKeyId: "ADMIN00000000002" }],
    ["InvalidSignatureException", { ...admin, secretAccessKey: "another-secret-of-a-test" }],
    ["InvalidSignatureException", { ...reader, accessKeyId: admin.accessKeyId }],
  ])("are told %s for a key that is not one of the file", async (name, credentials) => {
    await expect(list({ credentials })).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 403 } });
    await expect(select(credentials)).rejects.toMatchObject({ name });
  });

  it.each([
    [-6, /^Signature expired: \d{8}T\d{6}Z is now earlier than \d{8}T\d{6}Z \(\d{8}T\d{6}Z - 5 min\.\)/],
    [
      6,
      /^Signature not yet current: \d{8}T\d{6}Z is still later than \d{8}T\d{6}Z \(\d{8}T\d{6}Z \+ 5 min\.\)/,
    ],
  ])("are refused with a clock that is %d minutes off, and correct their clock", async (minutes, message) => {
    const systemClockOffset = minutes * 60_000;
    await expect(list({ credentials: admin, systemClockOffset })).rejects.toMatchObject({
      name: "InvalidSignatureException",
      message: expect.stringMatching(message) as unknown,
    });
    expect((await list({ credentials: admin, systemClockOffset, maxAttempts: 2 })).Ledgers).toHaveLength(1);
  });

  it.each([-4, 4])("are served with a clock that is %d minutes off", async (minutes) => {
    await list({ credentials: admin, systemClockOffset: minutes * 60_000 });
  });
});

interface RawRequest {
  method: string;
  path: string;
  query?: Record<string, string>;
  headers: Record<string, string>;
  body: string;
}

const startSession = (): RawRequest => ({
  method: "POST",
  path: "/",
  headers: {
    host: new URL(test.server.endpoint).host,
    "content-type": "application/x-amz-json-1.0",
    "x-amz-target": "QLDBSession.SendCommand",
    "x-extra": "1",
  },
  body: `{"StartSession":{"LedgerName":"${testLedgerName}"}}`,
});

/** Signs as the SDK does, and lets a test change the request afterwards. */
async function send(
  sent: RawRequest,
  change: (signed: RawRequest) => void = () => undefined,
  service = "qldb",
) {
  const signer = new SignatureV4({ credentials: admin, region: "us-east-1", service, sha256: Sha256 });
  const signed = (await signer.sign({ ...sent, protocol: "http:", hostname: "" })) as RawRequest;
  change(signed);
  const search = new URLSearchParams(signed.query).toString();
  const { method, headers } = signed;
  return new Promise<{ status: number | undefined; name: unknown; body: unknown }>((resolve, reject) => {
    const path = signed.path + (search === "" ? "" : `?${search}`);
    const outgoing = request(test.server.endpoint, { method, headers, path }, (response) => {
      json(response).then((body) => {
        resolve({ status: response.statusCode, name: response.headers["x-amzn-errortype"], body });
      }, reject);
    });
    outgoing.on("error", reject);
    outgoing.end(signed.body);
  });
}

describe("A signed request", () => {
  it("is answered as it was signed, its query and odd header values included", async () => {
    expect(await send(startSession())).toMatchObject({ status: 200 });
    const headers = {
      host: startSession().headers["host"] ?? "",
      "x-amz-meta": "  a   b ",
      "user-agent": "x",
    };
    const query = { max_results: "1", "a b": "ä/+&=", __proto__x: "1" };
    expect(await send({ method: "GET", path: "/ledgers", query, headers, body: "" })).toMatchObject({
      status: 200,
    });
    expect(await send({ method: "GET", path: "/ledgers/a%20b", headers, body: "" })).toMatchObject({
      status: 404,
    });
  });

  const authorization = (signed: RawRequest) => signed.headers["authorization"] ?? "";

  it.each<[name: string, what: string, change: (signed: RawRequest) => void]>([
    [
      "MissingAuthenticationTokenException",
      "no Authorization",
      ({ headers }) => delete headers["authorization"],
    ],
    [
      "IncompleteSignatureException",
      "another scheme",
      ({ headers }) => (headers["authorization"] = "Bearer x"),
    ],
    ["IncompleteSignatureException", "no date", ({ headers }) => delete headers["x-amz-date"]],
    [
      "IncompleteSignatureException",
      "another day",
      ({ headers }) => (headers["x-amz-date"] = "20200101T000000Z"),
    ],
    ["IncompleteSignatureException", "a header added", ({ headers }) => (headers["x-amz-more"] = "1")],
    ["InvalidSignatureException", "a header removed", ({ headers }) => delete headers["x-extra"]],
    [
      "InvalidSignatureException",
      "another target",
      ({ headers }) => (headers["x-amz-target"] = "QLDBSession.Other"),
    ],
    ["InvalidSignatureException", "another host", ({ headers }) => (headers["host"] = "localhost")],
    [
      "InvalidSignatureException",
      "another body",
      (signed) => (signed.body = signed.body.replace("Start", "start")),
    ],
    ["InvalidSignatureException", "another path", (signed) => (signed.path = "/ledgers")],
    ["InvalidSignatureException", "another query", (signed) => (signed.query = { a: "1" })],
    ["InvalidSignatureException", "another method", (signed) => (signed.method = "PUT")],
    [
      "InvalidSignatureException",
      "another region",
      (signed) => (signed.headers["authorization"] = authorization(signed).replace("us-east-1", "eu-west-1")),
    ],
    [
      "InvalidSignatureException",
      "another body with its hash",
      (signed) => {
        signed.body = signed.body.replace("Start", "start");
        signed.headers["x-amz-content-sha256"] = createHash("sha256").update(signed.body).digest("hex");
      },
    ],
  ])("is refused as %s: %s", async (name, _what, change) => {
    expect(await send(startSession(), change)).toMatchObject({ status: 403, name });
  });

  it("is refused where the signature covers no body, or another service", async () => {
    const unsigned = startSession();
    unsigned.headers["x-amz-content-sha256"] = "UNSIGNED-PAYLOAD";
    expect(await send(unsigned)).toMatchObject({ name: "InvalidSignatureException" });
    expect(await send(startSession(), undefined, "dynamodb")).toMatchObject({
      name: "InvalidSignatureException",
    });
  });

  it("says nothing of the secret or of the expected signature", async () => {
    const { body } = await send(startSession(), (signed) => (signed.body = "{}"));
    expect(JSON.stringify(body)).not.toMatch(/admin-secret|[0-9a-f]{64}/);
  });
});

describe("The file of credentials", () => {
  it("is read again on demand; a file that cannot be used changes nothing", async () => {
    await expect(list({ credentials: reader })).rejects.toMatchObject({
      name: "UnrecognizedClientException",
    });
    await writeKeys(toKey(reader, everything));
    await test.server.reload();
    await list({ credentials: reader });
    await expect(list({ credentials: admin })).rejects.toMatchObject({ name: "UnrecognizedClientException" });
    await writeFile(file, "{");
    await expect(test.server.reload()).rejects.toMatchObject({ code: "CREDENTIALS_FILE", file });
    await list({ credentials: reader });
  });

  it("gives every key its own permissions on every ledger", async () => {
    await test.server.store.createLedger("other");
    const arn = `arn:aws:qldb:us-east-1:111122223333:ledger/${testLedgerName}`;
    await writeKeys(
      toKey(reader, [
        { Effect: "Allow", Action: ["qldb:DescribeLedger", "qldb:SendCommand"], Resource: arn },
      ]),
    );
    await test.server.reload();
    const client = test.controlClient({ credentials: reader });
    await client.send(new DescribeLedgerCommand({ Name: testLedgerName }));
    await select(reader);
    const denied = (action: string, resource: string) => ({
      name: "AccessDeniedException",
      message: expect.stringContaining(
        `user/${reader.accessKeyId} is not authorized to perform: qldb:${action} on resource: ${resource}`,
      ) as unknown,
    });
    const local = "arn:aws:qldb:local:000000000000:ledger/";
    await expect(client.send(new DescribeLedgerCommand({ Name: "other" }))).rejects.toMatchObject(
      denied("DescribeLedger", `${local}other`),
    );
    await expect(client.send(new GetDigestCommand({ Name: testLedgerName }))).rejects.toMatchObject(
      denied("GetDigest", local + testLedgerName),
    );
    await expect(client.send(new ListLedgersCommand({}))).rejects.toMatchObject(denied("ListLedgers", "*"));
    await expect(test.driver("other", { credentials: reader }).getTableNames()).rejects.toMatchObject(
      denied("SendCommand", `${local}other`),
    );
  });
});
