// SPDX-License-Identifier: MIT
import { request } from "node:http";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { openTestServer, testLedgerName, type TestServer } from "../../../test/open-test-server";

describe("The guard against browsers", () => {
  let test: TestServer;
  beforeEach(async () => {
    test = await openTestServer({ allowedHosts: ["ledger.internal"] });
  });
  afterEach(() => test.close());

  type Headers = Record<string, string>;
  const call = (
    method: string,
    path: string,
    headers: Headers,
    body = "",
  ): Promise<{ status: number | undefined; error: unknown; answer: string }> =>
    new Promise((resolve, reject) => {
      const sent = request(test.server.endpoint + path, { method, headers }, (response) => {
        text(response).then((answer) => {
          resolve({
            status: response.statusCode,
            error: response.headers["x-amzn-errortype"],
            answer,
          });
        }, reject);
      });
      sent.on("error", reject);
      sent.end(body);
    });
  const list = (headers: Headers) => call("GET", "/ledgers", headers);

  it.each([
    "127.0.0.1:8182",
    "127.8.9.10",
    "localhost",
    "LOCALHOST:1",
    "localhost.:80",
    "[::1]:8182",
    "ledger.internal:443",
  ])("knows the host %s", async (host) => {
    expect(await list({ host })).toMatchObject({ status: 200 });
  });

  it.each([
    "evil.example",
    "127.0.0.1.evil.example:8182",
    "localhost.evil.example",
    "192.0.2.1",
    "x.localhost",
  ])("refuses the host %j, as a page with a rebound name has it", async (host) => {
    const refused = await list({ host, origin: `http://${host}`, "sec-fetch-site": "same-origin" });
    expect(refused).toMatchObject({ status: 403, error: "AccessDeniedException" });
    expect(refused.answer).toMatch(/--allow-host NAME/);
  });

  it.each<Headers>([
    { origin: "https://evil.example" },
    { origin: "null" },
    { origin: "http://127.0.0.1:1" },
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
  ])("refuses a page of another origin: %j", async (headers) => {
    const path = `/ledgers/${testLedgerName}`;
    for (const method of ["GET", "DELETE", "OPTIONS"]) {
      expect(await call(method, path, headers)).toMatchObject({
        status: 403,
        error: "AccessDeniedException",
      });
    }
    expect(await test.server.store.listLedgers()).toEqual([testLedgerName]);
  });

  it("serves requests that a person typed into a browser, and requests of its own origin", async () => {
    expect(await list({ "sec-fetch-site": "none" })).toMatchObject({ status: 200 });
    const { host, origin } = new URL(test.server.endpoint);
    expect(await list({ host, origin, "sec-fetch-site": "same-origin" })).toMatchObject({ status: 200 });
  });

  const create = (headers: Headers, body = '{"Name":"other","PermissionsMode":"ALLOW_ALL"}') =>
    call("POST", "/ledgers", headers, body);

  it.each<Headers>([
    {},
    { "content-type": "text/plain" },
    { "content-type": "application/x-www-form-urlencoded" },
    { "content-type": "multipart/form-data; boundary=application/json" },
    { "content-type": "text/plain; application/json" },
  ])("refuses a body that a page can send without a preflight: %j", async (headers) => {
    expect(await create(headers)).toMatchObject({ status: 415, error: "UnsupportedMediaTypeException" });
    expect(await test.server.store.listLedgers()).toEqual([testLedgerName]);
  });

  it("takes JSON with parameters of the type", async () => {
    expect(await create({ "content-type": "Application/JSON; charset=utf-8" })).toMatchObject({
      status: 200,
    });
  });

  it("lets a request without a body go without a type", async () => {
    // The digest of a ledger without blocks is refused by the operation, not by the guard.
    expect(await call("POST", `/ledgers/${testLedgerName}/digest`, {})).toMatchObject({ status: 412 });
    expect(await call("DELETE", `/ledgers/${testLedgerName}`, {})).toMatchObject({ status: 200 });
  });
});
