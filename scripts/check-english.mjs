// SPDX-License-Identifier: MIT
// Fails when a page of the docs breaks a rule of plain English that a machine can see, more often than
// scripts/lib/english/accepted.json allows for that page. A page that is not listed there must break none.
//
// Rules: a sentence has at most 25 words and no semicolon. A cell of a table has at most 12 words. Some words are not used
// (BANNED). A page begins with whom it is for, and the terms that its first paragraph stresses are in the glossary. Doc
// comments do not begin with "What", "Whether" or "Whoever". All pages together have at most as many words as accepted.json says.
// The texts of the command line are checked where docs/reference/cli.md repeats them.
//
// `--list PAGE` shows what is wrong with a page. `--write` stores today's counts where they are lower, `--accept` all of them:
// for a merge, or a breach that must stay.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";

const SENTENCE_WORDS_MAX = 25;
const CELL_WORDS_MAX = 12;
const BANNED =
  /\b(anew|is no more|goes on|go on|under way|at once|for good|of its own|beside|nobody|whoever|in no case|swallows?|swallowed|blames?|to blame|for ever)\b/gi;
const BAD_START = /^(What|Whether|Whoever)\b/;

const root = join(import.meta.dirname, "..");
const acceptedFile = join(root, "scripts/lib/english/accepted.json");
const accepted = JSON.parse(readFileSync(acceptedFile, "utf8"));
const listed = process.argv[process.argv.indexOf("--list") + 1];
const terms = readFileSync(join(root, "docs/glossary.md"), "utf8").toLowerCase();

const pages = ["README.md", ...filesOf("docs", ".md")];
const problems = new Map(
  pages.map((page) => [page, problemsOf(readFileSync(join(root, page), "utf8"), page)]),
);
const words = pages.reduce(
  (sum, page) => sum + wordsOf(proseOf(readFileSync(join(root, page), "utf8"))).length,
  0,
);
problems.set("doc comments", commentProblems());

if (process.argv.includes("--list")) {
  console.log((problems.get(listed) ?? [`no such page: ${listed}`]).join("\n"));
  process.exit();
}
const accept = process.argv.includes("--accept");
if (accept || process.argv.includes("--write")) writeAccepted();

const worse = [...problems].filter(([page, found]) => found.length > (accepted.problems[page] ?? 0));
for (const [page, found] of worse) {
  console.error(
    `${page}: ${found.length} breaches of plain English, ${accepted.problems[page] ?? 0} accepted:`,
  );
  for (const problem of found.slice(0, 8)) console.error(`  ${problem}`);
}
if (words > accepted.wordsMax) {
  console.error(`docs: ${words} words, more than ${accepted.wordsMax}: shorten a page`);
}
if (worse.length > 0 || words > accepted.wordsMax) process.exit(1);
console.log(`${pages.length} pages, ${words} words: no new breach of plain English`);

function problemsOf(text, page) {
  const prose = proseOf(text);
  const paragraphs = prose.split(/\n\s*\n/).filter((each) => each.trim() !== "");
  return [
    ...paragraphs.flatMap((paragraph) =>
      isTable(paragraph) ? cellProblems(paragraph) : sentenceProblems(paragraph),
    ),
    ...[...prose.matchAll(BANNED)].map(([word]) => `the word "${word}"`),
    ...(page.startsWith("docs/decisions/") || page.startsWith("docs/examples/")
      ? []
      : startProblems(paragraphs)),
  ];
}

/** The text that people read: without code blocks, comments, and the targets of links. A piece of code is one word. */
function proseOf(text) {
  return text
    .replace(/^ *```[\s\S]*?^ *```/gm, "\n")
    .replace(/<!--[\s\S]*?-->/g, "")
    .replace(/`+[^`\n]*`+/g, "`code`")
    .replace(/\]\([^)]*\)/g, "]");
}

function sentenceProblems(paragraph) {
  if (/^#/.test(paragraph)) return [];
  return paragraph
    .split(/\n(?=\s*(?:[-*]|\d+\.) )/)
    .flatMap((item) => item.replace(/\s+/g, " ").split(/(?<=[.!?:]["”)*_]*) +/))
    .flatMap((sentence) => [
      ...(wordsOf(sentence).length > SENTENCE_WORDS_MAX
        ? [`${wordsOf(sentence).length} words: ${sentence.trim().slice(0, 100)}…`]
        : []),
      ...(sentence.includes(";") ? [`a semicolon: ${sentence.trim().slice(0, 100)}`] : []),
    ]);
}

function isTable(paragraph) {
  return paragraph.trimStart().startsWith("|");
}

function cellProblems(table) {
  return table
    .split(/(?<!\\)[|\n]/)
    .filter((cell) => wordsOf(cell).length > CELL_WORDS_MAX)
    .map((cell) => `a cell of ${wordsOf(cell).length} words: ${cell.trim().slice(0, 100)}`);
}

function startProblems([, first = ""]) {
  const stressed = [...first.matchAll(/\*\*([^*]+)\*\*/g)].map(([, term]) => term);
  return [
    ...(/^(For|You)\b/.test(first)
      ? []
      : [`the first line does not say whom the page is for: ${first.slice(0, 60)}`]),
    ...stressed
      .filter((term) => /^[\w -]+$/.test(term) && !terms.includes(term.toLowerCase()))
      .map((term) => `not in the glossary: ${term}`),
  ];
}

function commentProblems() {
  return ["packages", "infra/lib", "infra/lambda"].flatMap((folder) =>
    filesOf(folder, ".ts").flatMap((file) =>
      [...readFileSync(join(root, file), "utf8").matchAll(/\/\*\*\s*\*?\s*([^\n]*)/g)]
        .filter(([, first]) => BAD_START.test(first))
        .map(([, first]) => `${file}: ${first.slice(0, 80)}`),
    ),
  );
}

function wordsOf(text) {
  return text.split(/\s+/).filter((word) => /\p{L}/u.test(word));
}

/** Counts may only fall, unless all of them are accepted. */
function writeAccepted() {
  const counts = [...problems]
    .filter(([, found]) => found.length > 0)
    .map(([page, found]) => [page, found.length]);
  accepted.problems = Object.fromEntries(
    counts.map(([page, count]) => [page, accept ? count : Math.min(count, accepted.problems[page] ?? count)]),
  );
  accepted.wordsMax = accept ? Math.max(words, accepted.wordsMax) : Math.min(words, accepted.wordsMax);
  writeFileSync(acceptedFile, `${JSON.stringify(accepted, undefined, 2)}\n`);
}

function filesOf(folder, extension) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter(
      ({ name, parentPath }) =>
        name.endsWith(extension) && !/node_modules|\/(dist|cdk\.out|fixtures)(\/|$)/.test(parentPath),
    )
    .map(({ name, parentPath }) => relative(root, join(parentPath, name)))
    .sort();
}
