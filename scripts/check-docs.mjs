// SPDX-License-Identifier: MIT
// Fails when a code block of the docs differs from the region of the file it names, or a relative link leads nowhere.
//
// A TypeScript block MUST follow a comment that names its source, `<!-- snippet: docs/examples/src/x.ts#name -->`; in the
// source, `// #region name` and `// #endregion` bound it. Run with `--write` to refresh the blocks.
//
// A page of a decision MUST name the file of a test that has its title, or reads the title by the page's number, and MUST
// be listed in the decisions' README.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, extname, join, relative, resolve } from "node:path";

const root = join(import.meta.dirname, "..");
const write = process.argv.includes("--write");
const problems = [];
let snippets = 0;
let links = 0;

const BLOCK =
  /(?:<!-- snippet: (?<source>[^\s#]+)#(?<region>[\w-]+) -->\n\n?)?```(?<language>\w*)\n(?<code>[\s\S]*?)```/g;
const LINK = /\[[^\]]*\]\((?<target>[^)\s]+)\)/g;

for (const page of pages(root)) {
  const text = readFileSync(page, "utf8");
  const refreshed = text.replace(BLOCK, (block, ...args) => checkBlock(page, block, args.at(-1)));
  if (refreshed !== text && write) writeFileSync(page, refreshed);
  // Links inside code are not links.
  for (const { groups } of text
    .replace(BLOCK, "")
    .replace(/`[^`]*`/g, "")
    .matchAll(LINK))
    checkLink(page, groups.target);
}

const decisions = checkDecisions(join(root, "docs/decisions"));

if (problems.length > 0) {
  console.error(problems.join("\n"));
  process.exit(1);
}
console.log(
  `${snippets} code blocks equal their sources, ${links} links lead somewhere, ${decisions} decisions have their tests`,
);

function checkDecisions(folder) {
  const readme = readFileSync(join(folder, "README.md"), "utf8");
  const names = readdirSync(folder).filter((name) => /^\d{4}-.*\.md$/.test(name));
  const numbers = names.map((name) => name.slice(0, 4));
  for (const name of names) {
    const number = name.slice(0, 4);
    const text = readFileSync(join(folder, name), "utf8");
    const [, title] = /^# (.*)$/m.exec(text) ?? [];
    const [, test] = /^Test: `([^`]+)`\.$/m.exec(text) ?? [];
    const code =
      test !== undefined && existsSync(join(root, test)) ? readFileSync(join(root, test), "utf8") : "";
    if (!code.includes(title) && !code.includes(`"${number}"`)) {
      problems.push(`docs/decisions/${name}: ${test ?? "no file"} has no test "${title}"`);
    }
    if (!readme.includes(`(${name})`)) problems.push(`docs/decisions/README.md does not list ${name}`);
    if (numbers.filter((each) => each === number).length > 1)
      problems.push(`docs/decisions: two pages have number ${number}`);
  }
  return names.length;
}

function checkBlock(page, block, { source, region, language, code }) {
  const where = relative(root, page);
  if (source === undefined) {
    if (["ts", "typescript", "js", "javascript"].includes(language)) {
      problems.push(
        `${where}: a ${language} block names no source: put <!-- snippet: FILE#region --> before it`,
      );
    }
    return block;
  }
  snippets += 1;
  const expected = regionOf(where, source, region);
  if (expected === undefined || expected === code) return block;
  if (!write) {
    problems.push(
      `${where}: the block of ${source}#${region} is stale: run node scripts/check-docs.mjs --write`,
    );
    return block;
  }
  // The code stands right before the closing fence; searching for it would find an empty block's newline elsewhere.
  const fence = "```";
  return block.slice(0, block.length - code.length - fence.length) + expected + fence;
}

function regionOf(where, source, region) {
  const path = join(root, source);
  if (!existsSync(path)) {
    problems.push(`${where}: names ${source}, which does not exist`);
    return undefined;
  }
  const lines = readFileSync(path, "utf8").split("\n");
  const start = lines.findIndex((line) => line.trim() === `// #region ${region}`);
  const end = lines.findIndex((line, i) => i > start && line.trim() === "// #endregion");
  if (start < 0 || end < 0) {
    problems.push(`${where}: ${source} has no region ${region}`);
    return undefined;
  }
  const body = lines.slice(start + 1, end);
  const indent = Math.min(...body.filter((line) => line.trim() !== "").map((line) => line.search(/\S/)));
  return body.map((line) => line.slice(indent)).join("\n") + "\n";
}

function checkLink(page, target) {
  if (/^[a-z]+:/.test(target)) return;
  links += 1;
  const [path, anchor] = target.split("#");
  const file = path === "" ? page : resolve(dirname(page), path);
  const where = `${relative(root, page)}: link to ${target}`;
  if (!existsSync(file)) {
    problems.push(`${where} leads nowhere`);
  } else if (anchor !== undefined && extname(file) === ".md" && !anchorsOf(file).has(anchor)) {
    problems.push(`${where}: ${relative(root, file)} has no heading of that name`);
  }
}

/** The anchors that a Markdown page's headings get on the usual code hosts. */
function anchorsOf(file) {
  const text = readFileSync(file, "utf8").replace(/^```[\s\S]*?^```/gm, "");
  const seen = new Map();
  return new Set(
    [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => {
      const slug = heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, "")
        .trim()
        .replace(/\s/g, "-");
      // A heading that was there before gets a number.
      const count = seen.get(slug) ?? 0;
      seen.set(slug, count + 1);
      return count === 0 ? slug : `${slug}-${count}`;
    }),
  );
}

function* pages(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (["node_modules", "dist", ".git", "fixtures"].includes(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* pages(path);
    else if (entry.name.endsWith(".md")) yield path;
  }
}
