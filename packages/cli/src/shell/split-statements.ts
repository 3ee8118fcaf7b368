// SPDX-License-Identifier: MIT

/** The contents of a text: statements that a semicolon ends, and what follows the last of them. */
export interface SplitText {
  readonly statements: readonly string[];
  readonly rest: string;
  /** True if the rest has nothing but blanks and comments. */
  readonly isBlank: boolean;
  /** True if the rest ends within quotes or a comment: a line break is part of them. */
  readonly isOpen: boolean;
}

/** How a part of a statement ends that begins with these characters, in which a semicolon means nothing. */
const QUOTES: Readonly<Record<string, string>> = { "'": "'", '"': '"', "/*": "*/", "--": "\n" };
/** The same within an Ion literal, where a backslash takes the meaning of the next character. */
const ION_QUOTES: Readonly<Record<string, string>> = {
  "'''": "'''",
  "'": "'",
  '"': '"',
  "/*": "*/",
  "//": "\n",
};
const COMMENTS = ["/*", "--"];

/** Splits a text at its semicolons, but for those within quotes, comments and Ion literals. */
export function splitStatements(text: string): SplitText {
  const statements: string[] = [];
  let start = 0;
  let isBlank = true;
  for (let at = 0; at < text.length;) {
    if (text[at] === ";") {
      // Two semicolons in a row end one statement.
      if (!isBlank) statements.push(text.slice(start, at).trim());
      at += 1;
      start = at;
      isBlank = true;
      continue;
    }
    const comment = COMMENTS.find((mark) => text.startsWith(mark, at));
    isBlank &&= comment !== undefined || /\s/.test(text[at] ?? "");
    const end = endOfPart(text, at);
    // A comment to the end of its line is complete at the end of the text, too.
    if (end === undefined) return { statements, rest: text.slice(start), isBlank, isOpen: comment !== "--" };
    at = end;
  }
  return { statements, rest: text.slice(start), isBlank, isOpen: false };
}

/** Where the quotes, comment, literal or single character ends that begins at a place; `undefined` if it does not end. */
function endOfPart(text: string, at: number): number | undefined {
  if (text[at] === "`") return endOfIonLiteral(text, at + 1);
  const mark = Object.keys(QUOTES).find((each) => text.startsWith(each, at));
  if (mark === undefined) return at + 1;
  const end = text.indexOf(QUOTES[mark] ?? "", at + mark.length);
  return end === -1 ? undefined : end + (QUOTES[mark]?.length ?? 0);
}

function endOfIonLiteral(text: string, from: number): number | undefined {
  let at = from;
  while (at < text.length) {
    if (text[at] === "`") return at + 1;
    const mark = Object.keys(ION_QUOTES).find((each) => text.startsWith(each, at));
    const end = mark === undefined ? at + 1 : endOfIonQuote(text, at + mark.length, ION_QUOTES[mark] ?? "");
    if (end === undefined) return undefined;
    at = end;
  }
  return undefined;
}

function endOfIonQuote(text: string, from: number, mark: string): number | undefined {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text.startsWith(mark, at)) return at + mark.length;
  }
  return undefined;
}

/**
 * A statement on one line, without its comments, as a history keeps it. A text with line breaks in its quotes stays as it is.
 */
export function onOneLine(statement: string): string {
  let line = "";
  for (let at = 0; at < statement.length;) {
    const end = endOfPart(statement, at) ?? statement.length;
    const part = statement.slice(at, end);
    line += COMMENTS.some((mark) => part.startsWith(mark)) || part === "\n" ? " " : part;
    at = end;
  }
  return line.replace(/ {2,}/g, (blanks) => (/['"`]/.test(line) ? blanks : " ")).trim();
}
