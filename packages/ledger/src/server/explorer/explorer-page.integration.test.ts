// SPDX-License-Identifier: MIT
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { openTestServer, testLedgerName, type TestServer } from "../../../test/open-test-server";

type Headers = Record<string, string>;

let test: TestServer;
let folder: string;

beforeEach(async () => {
  test = await openTestServer();
  folder = join(test.dataFolder, "page");
  mkdirSync(folder);
  writeFileSync(join(folder, "index.html"), "<!doctype html>");
  writeFileSync(join(folder, "app.js"), "0");
  writeFileSync(join(folder, "secret.txt"), "no file of the page");
});
afterEach(() => test.close());

/** Sends a request with any `Host`, as only a program or a rebound page can. */
function call(
  method: string,
  path: string,
  headers: Headers = {},
  body = "",
): Promise<{ status: number | undefined; headers: NodeJS.Dict<string | string[]>; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(test.server.endpoint + path, { method, headers }, (response) => {
      const { statusCode: status } = response;
      text(response).then((answer) => {
        resolve({ status, headers: response.headers, body: answer });
      }, reject);
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

describe("A server with the explorer", () => {
  beforeEach(() => test.restart({ explorer: { folder } }));

  it("serves the files of the page, which may load nothing from elsewhere", async () => {
    const page = await call("GET", "/");
    expect([page.status, page.body, page.headers["content-type"]]).toEqual([
      200,
      "<!doctype html>",
      "text/html; charset=utf-8",
    ]);
    const policy = String(page.headers["content-security-policy"]);
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self'; /);
    expect(policy).not.toContain("unsafe");
    expect((await call("GET", "/explorer/app.js?v=1")).headers["content-type"]).toMatch(/^text\/javascript/);
    expect(await call("HEAD", "/")).toMatchObject({ status: 200, body: "" });
  });

  it.each([
    "/explorer/secret.txt",
    "/explorer/../page/secret.txt",
    "/explorer/%2e%2e/secret.txt",
    "/explorer/",
  ])("serves no other file: %s", async (path) => {
    expect((await call("GET", path)).status).toBe(404);
  });

  it("shows the page to one who follows a link, and to nobody by a foreign name", async () => {
    const link = {
      "sec-fetch-site": "cross-site",
      "sec-fetch-mode": "navigate",
      referer: "https://example.com/",
    };
    expect((await call("GET", "/", link)).status).toBe(200);
    expect((await call("GET", "/", { host: "evil.example" })).status).toBe(403);
    expect((await call("GET", "/explorer/settings", { host: "evil.example" })).status).toBe(403);
    expect((await call("GET", "/ledgers", { "sec-fetch-site": "cross-site" })).status).toBe(403);
  });

  it("says how to build the page where a file is missing", async () => {
    rmSync(join(folder, "app.js"));
    const { status, body } = await call("GET", "/explorer/app.js");
    expect([status, body]).toEqual([
      503,
      expect.stringMatching(/app\.js .*ENOENT.*pnpm build.*--explorer off/),
    ]);
  });

  const create = (headers: Headers): Promise<{ status: number | undefined; body: string }> =>
    call(
      "POST",
      "/ledgers",
      { "content-type": "application/json", ...headers },
      '{"Name": "second", "PermissionsMode": "ALLOW_ALL"}',
    );

  it("lets its own page read only, and programs do everything", async () => {
    const own = { origin: test.server.endpoint };
    expect((await call("GET", "/ledgers", own)).status).toBe(200);
    const refused = await create(own);
    expect([refused.status, refused.body]).toEqual([403, expect.stringContaining("--explorer write")]);
    expect((await create({ "sec-fetch-site": "same-origin" })).status).toBe(403);
    expect((await call("DELETE", `/ledgers/${testLedgerName}`, own)).status).toBe(403);
    expect((await create({})).status).toBe(200);
  });

  it("lets its own page change something where that is allowed, and no other page", async () => {
    await test.restart({ explorer: { folder, mode: "write" } });
    expect((await create({ origin: "http://evil.example" })).status).toBe(403);
    expect((await create({ origin: test.server.endpoint })).status).toBe(200);
    expect(JSON.parse((await call("GET", "/explorer/settings")).body)).toEqual({
      mode: "write",
      needsKey: false,
    });
  });

  it("hands out the page without a signature, and nothing else", async () => {
    await test.restart({ explorer: { folder }, authenticate: () => Promise.reject(new Error("no key")) });
    expect((await call("GET", "/")).status).toBe(200);
    expect(JSON.parse((await call("GET", "/explorer/settings")).body)).toEqual({
      mode: "read",
      needsKey: true,
    });
    expect((await call("GET", "/ledgers")).status).toBe(500);
  });
});

describe("A server without the explorer", () => {
  it("has no page", async () => {
    for (const path of ["/", "/explorer/app.js", "/explorer/settings"]) {
      expect((await call("GET", path)).status).toBe(404);
    }
  });
});
