// SPDX-License-Identifier: MIT
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { chromiumAvailability, describeWhen, peerAvailability, type Readiness } from "@ledger-loader/testkit";
import { type Browser, chromium, type Page } from "playwright-core";
import { docsDiagrams, type Diagram } from "./docs-diagrams";

/** Code hosts show a page about 850 pixels wide: a wider picture has smaller letters, here at least half of Mermaid's 16 pixels. */
const WIDTH_MAX = 1_700;

/** Draws with the Mermaid of the page; the error that Mermaid throws or draws is the result in place of a picture. */
const DRAW = `
mermaid.initialize({ startOnLoad: false });
let drawn = 0;
async function draw(code) {
  try {
    const { svg } = await mermaid.render("diagram" + drawn++, code);
    document.body.innerHTML = svg;
    const picture = document.querySelector("svg");
    const isError = picture.getAttribute("aria-roledescription") === "error";
    const { width, height } = picture.viewBox.baseVal;
    return { error: isError ? picture.textContent : "", width, height, text: picture.textContent };
  } catch (error) {
    return { error: String(error.message), width: 0, height: 0, text: "" };
  }
}
`;

/** One picture, as the browser has it. */
interface Drawing {
  readonly error: string;
  readonly width: number;
  readonly height: number;
  readonly text: string;
}

const mermaid = peerAvailability("mermaid");
const browserReady = chromiumAvailability();
const readiness: Readiness = mermaid.available ? browserReady : mermaid;

describeWhen(readiness, describe)("Mermaid, in Chromium,", () => {
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
    const executablePath = browserReady.available ? browserReady.program : "";
    browser = await chromium.launch({ executablePath, args });
    page = await browser.newPage();
    const folder = mermaid.available ? mermaid.folder : "";
    await page.addScriptTag({ path: path.join(folder, "node_modules/mermaid/dist/mermaid.min.js") });
    await page.addScriptTag({ content: DRAW });
  });
  afterAll(async () => {
    await browser.close();
  });

  const draw = (code: string): Promise<Drawing> => page.evaluate(`draw(${JSON.stringify(code)})`);

  it("draws every diagram of the docs, as large as a page can show it", async () => {
    const diagrams = docsDiagrams();
    expect(diagrams.length).toBeGreaterThan(20);
    const problems: string[] = [];
    for (const diagram of diagrams) problems.push(...problemsOf(diagram, await draw(diagram.code)));
    expect(problems).toEqual([]);
  });

  it("draws no diagram with a mistake", async () => {
    const drawing = await draw("flowchart LR\n  A[open --> B");
    expect(problemsOf({ page: "page.md", code: "" }, drawing)).toEqual([
      expect.stringContaining("page.md: Parse error on line"),
    ]);
  });
});

function problemsOf({ page, code }: Diagram, { error, width, height, text }: Drawing): readonly string[] {
  const where = `${page}: ${code.split("\n").slice(0, 2).join(" ")}`;
  if (error !== "") return [`${page}: ${error}`];
  if (height === 0 || text.trim() === "") return [`${where}: an empty picture`];
  return width > WIDTH_MAX ? [`${where}: ${Math.round(width)} pixels wide, more than ${WIDTH_MAX}`] : [];
}
