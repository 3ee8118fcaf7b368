// SPDX-License-Identifier: MIT
import type { Browser, Page } from "playwright-core";
import { parseRoute, titleOf } from "../src/parts/route";

/** How a browser shows a page. */
export interface Look {
  readonly colorScheme?: "light" | "dark";
  readonly width?: number;
}

/** A page of a real browser that notes what a user never sees: errors in the console, and requests beyond the server. */
export class WatchedPage {
  readonly page: Page;
  /** Errors of the page. That a request was refused is no error of the page: the page shows it. */
  readonly errors: string[] = [];
  readonly #endpoint: string;

  private constructor(page: Page, endpoint: string) {
    this.page = page;
    this.#endpoint = endpoint;
    page.on("console", (message) => {
      const isRefusal = message.text().startsWith("Failed to load resource: the server responded with");
      if (message.type() === "error" && !isRefusal) this.errors.push(message.text());
    });
    page.on("pageerror", (error) => this.errors.push(error.message));
    page.on("request", (request) => {
      const isOwn = request.url().startsWith(`${endpoint}/`) || request.url().startsWith("blob:");
      if (!isOwn) this.errors.push(`request beyond the server: ${request.url()}`);
    });
  }

  static async open(
    browser: Browser,
    endpoint: string,
    { colorScheme = "light", width = 1280 }: Look = {},
  ): Promise<WatchedPage> {
    const context = await browser.newContext({ colorScheme, viewport: { width, height: 860 } });
    const page = await context.newPage();
    page.setDefaultTimeout(240_000);
    const watched = new WatchedPage(page, endpoint);
    await page.goto(`${endpoint}/`);
    return watched;
  }

  /** Goes to a place of the page, and waits until it has loaded what it shows. */
  async go(...segments: readonly (string | number)[]): Promise<void> {
    const hash = `#/${segments.join("/")}`;
    await this.page.goto(`${this.#endpoint}/${hash}`);
    // The address changes before the page does, which has loaded all that it showed before.
    await this.page.waitForFunction((title) => document.title === title, titleOf(parseRoute(hash)));
    await this.settled();
  }

  /** Waits until nothing loads. */
  async settled(): Promise<void> {
    await this.page.locator("h1").first().waitFor();
    await this.page.waitForFunction(
      () =>
        !document.body.innerText.includes("Loading…") &&
        document.querySelector('[aria-busy="true"]') === null,
    );
  }

  /** Runs a statement in the editor, as with the keyboard. */
  async query(statement: string): Promise<void> {
    await this.page.getByLabel("Statement", { exact: true }).fill(statement);
    await this.page.keyboard.press("Control+Enter");
    await this.page.locator(".summary, .problem").first().waitFor();
  }

  /** The text of the first element that matches. */
  text(selector: string): Promise<string> {
    return this.page.locator(selector).first().innerText();
  }

  /** The verdict on what the page shows. */
  async verify(): Promise<string | null> {
    await this.page.getByRole("button", { name: "Verify", exact: true }).click();
    return this.page.locator(".verdict").getAttribute("data-verdict");
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}
