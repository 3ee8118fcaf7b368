// SPDX-License-Identifier: MIT
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { chromiumAvailability, describeWhen } from "@ledger-loader/testkit";
import { dom } from "ion-js";
import { type Browser, chromium } from "playwright-core";
import { bundlePage, ExploredServer } from "../test/explored-server";
import { type Look, WatchedPage } from "../test/watched-page";

const availability = chromiumAvailability();
const program = availability.available ? availability.program : "";

describeWhen(availability, describe)("The explorer, in Chromium,", () => {
  let browser: Browser;
  let server: ExploredServer;
  let explorer: WatchedPage;

  beforeAll(async () => {
    bundlePage();
    // The sandbox of Chromium does not start for root.
    const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
    browser = await chromium.launch({ executablePath: program, args });
  });
  afterEach(async () => {
    const { errors } = explorer;
    await explorer.close();
    await server.close();
    expect(errors).toEqual([]);
  });
  afterAll(() => browser.close());

  const open = async (look: Look = {}): Promise<void> => {
    explorer = await WatchedPage.open(browser, server.endpoint, look);
  };

  it("creates a ledger and a table, inserts, updates, shows the history, and verifies it", async () => {
    server = await ExploredServer.open("write");
    await open();
    const { page } = explorer;
    await page.getByLabel("New ledger").fill("cars");
    await page.getByRole("button", { name: "Create ledger" }).click();
    await page.getByRole("link", { name: "cars" }).click();
    await page.getByRole("link", { name: "PartiQL", exact: true }).click();
    await explorer.query("CREATE TABLE Car");
    await explorer.query("INSERT INTO Car {'VIN': 'V1', 'Color': 'Silver', 'Owners': ['Ana']}");
    expect(await explorer.text(".summary")).toMatch(/^Committed in transaction \w{22}\./);
    await page
      .getByLabel("Statement", { exact: true })
      .fill("UPDATE Car AS c SET c.Color = ? WHERE c.VIN = 'V1'");
    await page.getByLabel(/^Parameters/).fill('"Black"');
    await page.getByRole("button", { name: "Run" }).click();
    await page.locator(".summary", { hasText: "Committed" }).waitFor();
    await page.getByLabel(/^Parameters/).fill("");
    await explorer.query("SELECT * FROM Car");
    await page.locator(".result td", { hasText: "Black" }).waitFor();
    await page.getByRole("button", { name: "Ion", exact: true }).click();
    expect(await explorer.text(".result .ion")).toContain('Color: "Black"');

    await page.getByRole("link", { name: "Tables" }).click();
    await page.getByRole("link", { name: "Car", exact: true }).click();
    await page.locator("tbody a").click();
    await page.getByRole("button", { name: "Version 1", exact: true }).waitFor();
    expect((await explorer.text(".changes")).split("\n")).toEqual([
      "Color",
      "before:",
      '"Silver"',
      "after:",
      '"Black"',
    ]);
    expect(await explorer.verify()).toBe("passed");
    expect(await page.locator(".box.reached").count()).toBe(1);

    await page.getByRole("link", { name: "Journal" }).click();
    await page.locator("tbody tr").first().waitFor();
    expect(await page.locator("tbody tr").count()).toBe(3);
    await page.getByRole("link", { name: "1", exact: true }).click();
    expect(await explorer.text(".statements pre")).toContain("INSERT INTO Car");
    expect(await explorer.verify()).toBe("passed");
  });

  it("shows a store that was changed on the disk as failed, also against a digest that was saved", async () => {
    server = await ExploredServer.open("read");
    await server.run("cars", "CREATE TABLE Car", "INSERT INTO Car {'Color': 'Silver'}", "INSERT INTO Car {}");
    const { hash, tipAddress } = await (await server.store.open("cars")).digest();
    await server.stop();
    replaceInFiles(server.dataFolder, "Silver", "Golden");
    await server.open("read");
    await open();
    const { page } = explorer;
    await explorer.go("ledgers", "cars", "tables", "Car");
    expect(await page.title()).toBe("Car – cars – Ledger explorer");
    await page.locator("tr", { hasText: "Golden" }).getByRole("link").click();
    expect(await explorer.verify()).toBe("failed");
    expect(await explorer.text(".findings")).toContain("revision-hash");
    expect(await page.locator(".box.wrong").count()).toBeGreaterThan(0);

    await page.getByLabel("a digest that you saved").check();
    await page.getByLabel(/^Digest, as/).fill(
      JSON.stringify({
        Digest: Buffer.from(hash).toString("base64"),
        DigestTipAddress: {
          IonText: `{strandId:"${tipAddress.strandId}",sequenceNo:${tipAddress.sequenceNo}}`,
        },
      }),
    );
    expect(await explorer.verify()).toBe("failed");
    // The block beside it is as it was, and the digest from outside says so.
    await explorer.go("ledgers", "cars", "journal", "block", 2);
    await page.getByLabel("a digest that you saved").check();
    await page.getByLabel(/^Digest, as/).fill(`{Digest: {{${Buffer.from(hash).toString("base64")}}},
      DigestTipAddress: {strandId: "${tipAddress.strandId}", sequenceNo: ${tipAddress.sequenceNo}}}`);
    expect(await explorer.verify()).toBe("passed");
    expect(await explorer.text(".verdict")).toContain("when you saved the digest");
  });

  it("finds the record of an event by its place in a file of receipts, and compares the hashes", async () => {
    server = await ExploredServer.open("read");
    await server.run(
      "cars",
      "CREATE TABLE Car",
      "INSERT INTO Car {'Color': 'Silver'}",
      "UPDATE Car SET Color = 'Red'",
      "UPDATE Car SET Color = 'Blue'",
    );
    await open();
    const { page } = explorer;
    await explorer.go("ledgers", "cars", "receipts");
    const buffer = Buffer.from((await receiptsOf(server, "Car")).join("\n"));
    await page.getByLabel("Receipt file").setInputFiles({ name: "receipts.jsonl", mimeType: "", buffer });
    await page.getByLabel("Place in the source, or id").fill("events-0@1");
    await page.keyboard.press("Enter");
    await page.locator(".badge", { hasText: "same hash" }).waitFor();
    expect(await explorer.text(".summary")).toBe("1 receipt of 4 receipts.");
    await page.getByRole("link", { name: /version 1/ }).click();
    await page.getByRole("heading", { name: "Data of version 1" }).waitFor();
    expect(await explorer.verify()).toBe("passed");

    await explorer.go("ledgers", "cars", "receipts");
    await page.getByLabel("Receipt file").setInputFiles({ name: "receipts.jsonl", mimeType: "", buffer });
    await page.getByLabel("Place in the source, or id").fill("@");
    await page.keyboard.press("Enter");
    await page.locator(".badge", { hasText: "not in this ledger" }).waitFor();
    await page.locator(".badge", { hasText: "another hash" }).waitFor();
    expect(await page.locator(".badge", { hasText: "same hash" }).count()).toBe(2);
  });

  it("says what is wrong with a statement, and where", async () => {
    server = await ExploredServer.open("read");
    await server.run("cars", "CREATE TABLE Car");
    await open();
    await explorer.go("ledgers", "cars", "query");
    await explorer.query("SELECT c.VIN\nFROM Car AS c\nWHERE c.Year => 1");
    expect(await explorer.text(".problem")).toMatch(
      /^BadRequestException\s+Expected .*\(line 3, column 15\)$/,
    );
    expect(await explorer.text(".place pre")).toBe("3 │ WHERE c.Year => 1\n  │               ^");
    await explorer.page.getByRole("button", { name: "Go to the place" }).click();
    expect(
      await explorer.page
        .getByLabel("Statement", { exact: true })
        .evaluate((area: HTMLTextAreaElement) => area.selectionStart),
    ).toBe("SELECT c.VIN\nFROM Car AS c\n".length + 14);
    await explorer.query("SELECT * FROM Bike");
    await explorer.page.locator(".problem", { hasText: "Bike" }).waitFor();
  });

  it("changes nothing unless the server allows it, whatever a script in the page sends", async () => {
    server = await ExploredServer.open("read");
    await server.run("cars", "CREATE TABLE Car");
    await open();
    expect(await explorer.page.getByRole("button", { name: "Create ledger" }).count()).toBe(0);
    await explorer.go("ledgers", "cars", "query");
    await explorer.query("INSERT INTO Car {'VIN': 'V1'}");
    expect(await explorer.text(".problem")).toContain("ledger serve --explorer write");
    const statuses = await explorer.page.evaluate(async () => {
      const send = async (path: string, method: string, body: unknown, target?: string): Promise<number> => {
        const headers = { "content-type": "application/json", ...(target && { "x-amz-target": target }) };
        return (await fetch(path, { method, headers, body: JSON.stringify(body) })).status;
      };
      return [
        await send("/ledgers", "POST", { Name: "other", PermissionsMode: "ALLOW_ALL" }),
        await send("/ledgers/cars", "PATCH", { DeletionProtection: false }),
        await send("/ledgers/cars", "DELETE", undefined),
        await send("/", "POST", { CommitTransaction: {} }, "QLDBSession.SendCommand"),
      ];
    });
    expect(statuses).toEqual([403, 403, 403, 403]);
    expect(await server.countBlocks("cars")).toBe(1);
    // Reading leaves no block behind.
    await explorer.query("SELECT * FROM Car");
    await explorer.page.locator(".summary", { hasText: "0 rows" }).waitFor();
    expect(await server.countBlocks("cars")).toBe(1);
  });

  it("signs its requests with a key that it keeps to itself", async () => {
    server = await ExploredServer.open("read");
    await server.run("cars", "CREATE TABLE Car", "INSERT INTO Car {'VIN': 'V1'}");
    await server.stop();
    const key = { AccessKeyId: "EXPLORER00000001", SecretAccessKey: "explorer-secret-of-a-test" };
    const credentialsFile = join(server.dataFolder, "keys.json");
    const Statement = [{ Effect: "Allow", Action: "*", Resource: "*" }];
    writeFileSync(credentialsFile, JSON.stringify({ Keys: [{ ...key, Statement }] }), { mode: 0o600 });
    await server.open("read", { credentialsFile });
    await open();
    const { page } = explorer;
    await page.getByLabel("Access key ID").fill(key.AccessKeyId);
    await page.getByLabel("Secret access key").fill("another");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.locator(".problem", { hasText: "InvalidSignatureException" }).waitFor();
    await page.getByLabel("Secret access key").fill(key.SecretAccessKey);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("link", { name: "cars" }).click();
    await page.getByRole("link", { name: "Car", exact: true }).click();
    await page.locator("tbody a").click();
    expect(await explorer.verify()).toBe("passed");
    expect(await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie])).toEqual([
      0,
      0,
      "",
    ]);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByLabel("Access key ID").waitFor();
  });

  it("pages through a table of 100,000 documents, with few elements at any time", async () => {
    server = await ExploredServer.open("read", { limits: LARGE });
    await server.run("cars", "CREATE TABLE Car");
    await insertMany(server, 100_000);
    await open();
    const { page } = explorer;
    await explorer.go("ledgers", "cars", "tables", "Car");
    await page.locator(".pager", { hasText: "1–50 of 100,000" }).waitFor();
    await page.getByRole("button", { name: "Last page" }).click();
    await page.locator(".pager", { hasText: "99,951–100,000 of 100,000" }).waitFor();
    await page.locator("tbody tr").nth(49).waitFor();
    expect(await page.locator("tbody tr").count()).toBe(50);

    await explorer.go("ledgers", "cars", "query");
    await explorer.query("SELECT * FROM Car");
    expect(await explorer.text(".summary")).toContain("The first 1,000 rows.");
    for (const rows of ["10,000", "100,000"]) {
      await page.getByRole("button", { name: `Read up to ${rows} rows` }).click();
      await page.locator(".pager", { hasText: `1–100 of ${rows}` }).waitFor();
    }
    await page.getByRole("button", { name: "Last page" }).click();
    await page.locator(".pager", { hasText: "99,901–100,000 of 100,000" }).waitFor();
    expect(await page.locator("*").count()).toBeLessThan(2000);
  });

  it.each([
    ["light", 1280],
    ["dark", 400],
  ] as const)(
    "fits a window in %s colours, %d pixels wide, and can be used with keys",
    async (colorScheme, width) => {
      server = await ExploredServer.open("write");
      const owners =
        "'Owners': [{'PersonId': '294jJ3YUoH1IEEm8GSabOs'}, {'PersonId': '7NmE8YLPbXc0IqesJy1rpR'}]";
      await server.run("cars", "CREATE TABLE Car", `INSERT INTO Car {'VIN': 'V1', ${owners}}`);
      await open({ colorScheme, width });
      const { page } = explorer;
      for (const place of [
        "",
        "/tables/Car",
        "/query",
        "/journal",
        "/journal/block/1",
        "/receipts",
        "/exports",
      ]) {
        await explorer.go(`ledgers/cars${place}`);
        expect([place, await page.evaluate(findFlaws)]).toEqual([place, []]);
      }
      await explorer.go("ledgers");
      await page.keyboard.press("Tab");
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Skip to content");
      await page.keyboard.press("Enter");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "Tables" }).waitFor();
    },
  );
});

const LARGE = {
  // A busy machine takes its time.
  transactionLifetimeMs: 240_000,
  documentsPerTransactionMax: 10_000,
  transactionBytesMax: 64 * 1024 * 1024,
  parameterBytesMax: 64 * 1024 * 1024,
  parameterMemoryMax: 1024 * 1024 * 1024,
};

async function insertMany(server: ExploredServer, count: number): Promise<void> {
  const ledger = await server.store.open("cars");
  const size = 1000;
  for (let from = 0; from < count; from += size) {
    const cars = Array.from({ length: size }, (_, at) => ({
      VIN: `V${from + at}`,
      Make: "Audi",
      Year: 2011,
    }));
    await ledger.transact((transaction) => transaction.execute("INSERT INTO Car ?", dom.Value.from(cars)));
  }
}

/** A line for each revision of a table, with a wrong hash in the third, and one of another ledger. */
async function receiptsOf(server: ExploredServer, table: string): Promise<readonly string[]> {
  const ledger = await server.store.open("cars");
  const rows = await ledger.transact((transaction) =>
    transaction.execute(`SELECT * FROM history(${table}) AS h ORDER BY h.metadata.version`),
  );
  const receipts = rows.map((row, at) => {
    const address = row.get("blockAddress");
    const strandId = address?.get("strandId")?.stringValue();
    const sequenceNo = address?.get("sequenceNo")?.numberValue();
    const documentId = row.get("metadata", "id")?.stringValue();
    const hash = Buffer.from(at === 2 ? new Uint8Array(32) : (row.get("hash")?.uInt8ArrayValue() ?? []));
    return {
      ...{ receipt: 1, at: "2026-03-01T09:15:00.000Z", source: `events-0@${at}`, outcome: "written" },
      event: { op: at === 0 ? "INSERT" : "UPDATE", table, id: '"V1"', version: at },
      revision: {
        ...{ documentId, version: at, hash: hash.toString("base64") },
        blockAddress: { strandId, sequenceNo },
      },
    };
  });
  const [first] = receipts;
  const blockAddress = { strandId: "JdxjkR9bSYB5jMHWcI464T", sequenceNo: 1 };
  const foreign = { ...first, source: "other@7", revision: { ...first?.revision, blockAddress } };
  return [...receipts, foreign].map((receipt) => JSON.stringify(receipt));
}

/** Changes bytes in all files below a folder, as an intruder with an editor would. */
function replaceInFiles(folder: string, before: string, after: string): void {
  let count = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const content = readFileSync(path, "latin1");
    count += content.split(before).length - 1;
    if (content.includes(before)) writeFileSync(path, content.replaceAll(before, after), "latin1");
  }
  expect(count).toBeGreaterThan(0);
}

/** The flaws that keep people from using the page that the browser shows. Runs in the browser. */
function findFlaws(): string[] {
  const flaws: string[] = [];
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) flaws.push(`wider than the window: ${root.scrollWidth}`);
  if (document.querySelectorAll("h1").length !== 1) flaws.push("not exactly one h1");
  if (document.querySelectorAll("main").length !== 1) flaws.push("not exactly one main");
  for (const button of document.querySelectorAll("button, a")) {
    const name = button.getAttribute("aria-label") ?? button.textContent.trim();
    if (name === "") flaws.push(`without a name: ${button.outerHTML}`);
  }
  for (const field of document.querySelectorAll<HTMLInputElement>("input, select, textarea")) {
    if ((field.labels?.length ?? 0) === 0) flaws.push(`without a label: ${field.outerHTML}`);
  }
  for (const header of document.querySelectorAll("th")) {
    if (header.scope === "") flaws.push(`without a scope: ${header.outerHTML}`);
  }
  return flaws;
}
