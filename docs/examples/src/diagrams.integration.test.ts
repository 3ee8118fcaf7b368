// SPDX-License-Identifier: MIT
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "@jest/globals";
import { describeWhen, peerAvailability } from "@ledger-loader/testkit";
import { docsDiagrams, type Diagram } from "./docs-diagrams";

const TIME_LIMIT_MS = 120_000;

/** Mermaid is an ES module and wants a document. It parses each diagram of standard input, and prints what it refuses. */
const PARSE_ALL = `
import { JSDOM } from "jsdom";
const { window } = new JSDOM("");
Object.assign(globalThis, { window, document: window.document });
const { default: mermaid } = await import("mermaid");
const refused = [];
for (const { page, code } of JSON.parse(process.argv[1])) {
  try {
    await mermaid.parse(code);
  } catch (error) {
    refused.push(page + ": " + error.message);
  }
}
console.log(JSON.stringify(refused));
`;

const mermaid = peerAvailability("mermaid");

describeWhen(mermaid, describe)("Mermaid", () => {
  it(
    "understands every diagram of the docs",
    async () => {
      const diagrams = docsDiagrams();
      expect(diagrams.length).toBeGreaterThan(20);
      expect(await refusedOf(diagrams)).toEqual([]);
    },
    TIME_LIMIT_MS,
  );

  it(
    "refuses a diagram with a mistake",
    async () => {
      const refused = await refusedOf([{ page: "page.md", code: "flowchart LR\n  A[open --> B" }]);
      expect(refused).toEqual([expect.stringContaining("page.md: Parse error on line")]);
    },
    TIME_LIMIT_MS,
  );
});

async function refusedOf(diagrams: readonly Diagram[]): Promise<unknown> {
  const cwd = mermaid.available ? mermaid.folder : undefined;
  const args = ["--input-type=module", "-e", PARSE_ALL, JSON.stringify(diagrams)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd });
  return JSON.parse(stdout) as unknown;
}
