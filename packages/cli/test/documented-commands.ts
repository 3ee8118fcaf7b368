// SPDX-License-Identifier: MIT
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

const root = join(__dirname, "..", "..", "..");

/** A code block of a page of the docs. */
export interface CodeBlock {
  readonly page: string;
  readonly language: string;
  readonly text: string;
}

/** The code blocks of a page, by its path in the repository. */
export function codeBlocksOf(page: string): readonly CodeBlock[] {
  const text = readFileSync(join(root, page), "utf8");
  return [...text.matchAll(/^( *)```(\w*)\n([\s\S]*?)^\1```$/gm)].map(([, , language = "", code = ""]) => ({
    page,
    language,
    text: code,
  }));
}

/** Every page of the docs. */
export function pages(): readonly string[] {
  const docs = readdirSync(join(root, "docs"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.name.endsWith(".md") && !entry.parentPath.includes("node_modules"))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
  return ["README.md", "SECURITY.md", ...docs];
}

/** The lines of a block that a shell runs, continued ones joined. */
export function shellLines({ text }: CodeBlock): readonly string[] {
  return text
    .replaceAll("\\\n", " ")
    .split("\n")
    .map((line) => line.trim());
}

/** The words behind the program's name in a line of a shell; `undefined` where the line does not call the program. */
export function programWords(line: string): readonly string[] | undefined {
  const words = line.match(/(?:[^\s'"]|'[^']*'|"(?:\\.|[^"\\])*")+/g) ?? [];
  const at = words.findIndex((word) => /^(?:\.\/scripts\/|.*\/bin\/)?ledger-loader$/.test(word));
  if (at < 0 || !words.slice(0, at).every((word) => /^(?:\w+=.*|[|$&]|runuser|-u|--|ledger)$/.test(word))) {
    return undefined;
  }
  const rest = words.slice(at + 1);
  const end = rest.findIndex((word) => /^(?:[|&;#]|&&|>.*|2>.*|<.*)$/.test(word));
  return rest.slice(0, end < 0 ? undefined : end).map(unquote);
}

function unquote(word: string): string {
  return word.replace(/'([^']*)'|"((?:\\.|[^"\\])*)"/g, (_, single?: string, double?: string) => {
    return single ?? (double ?? "").replace(/\\(.)/g, "$1");
  });
}
