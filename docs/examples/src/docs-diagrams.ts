// SPDX-License-Identifier: MIT
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const ROOT = path.join(__dirname, "../../..");

/** A block of Mermaid in a page. */
export interface Diagram {
  readonly page: string;
  readonly code: string;
}

/** Reads every diagram of the README and of the pages in docs. */
export function docsDiagrams(): readonly Diagram[] {
  const docs = readdirSync(path.join(ROOT, "docs"), { recursive: true, withFileTypes: true })
    .filter(({ name, parentPath }) => name.endsWith(".md") && !parentPath.includes("node_modules"))
    .map(({ name, parentPath }) => path.relative(ROOT, path.join(parentPath, name)));
  return ["README.md", ...docs].flatMap(diagramsOf);
}

function diagramsOf(page: string): readonly Diagram[] {
  const text = readFileSync(path.join(ROOT, page), "utf8");
  return [...text.matchAll(/^```mermaid\n([\s\S]*?)^```$/gm)].map(([, code = ""]) => ({ page, code }));
}
