// SPDX-License-Identifier: MIT

/** A part of a text of statements: `end` is a semicolon that ends one, `quoted` is in quotes or in an Ion literal. */
export interface StatementPart {
  readonly kind: "end" | "comment" | "quoted" | "plain";
  readonly text: string;
}

/** The end of a part that begins with these characters, in which a semicolon means nothing. */
const QUOTES: Readonly<Record<string, string>> = { "'": "'", '"': '"', "/*": "*/", "--": "\n" };
/** The same within an Ion literal, where a backslash takes the meaning of the next character. */
const ION_QUOTES: Readonly<Record<string, string>> = {
  "'''": "'''",
  "'": "'",
  '"': '"',
  "/*": "*/",
  "//": "\n",
};
const COMMENTS: ReadonlySet<string> = new Set(["/*", "--"]);
/** Characters at which nothing begins or ends. */
const PLAIN = /[^;`'"/-]+/y;
const PLAIN_ION = /[^`'"/]+/y;

/** Tells the parts of a text that comes a line at a time. Each character is looked at once, however long a statement is. */
export class StatementScanner {
  /** The text that ends the open quotes or comment. */
  #quote: string | undefined;
  #isInComment = false;
  #isInIon = false;
  /** True after a backslash within an Ion literal. */
  #isEscaped = false;

  /** True if the text so far ends within quotes, an Ion literal or a comment of several lines: a line break is part of them. */
  get isOpen(): boolean {
    return this.#isInIon || (this.#quote !== undefined && this.#quote !== "\n");
  }

  /** The parts of the next text, which MUST NOT begin in the middle of a line. One that is left open is continued by the next call. */
  *scan(text: string): Generator<StatementPart, void, undefined> {
    for (let at = 0; at < text.length;) {
      const start = at;
      if (!this.#isInIon && this.#quote === undefined && text[at] === ";") {
        at += 1;
        yield { kind: "end", text: ";" };
        continue;
      }
      const kind = this.#quote === undefined ? this.#kindAt(text, at) : this.#openKind;
      at = this.#quote === undefined ? this.#begin(text, at) : this.#close(text, at);
      yield { kind, text: text.slice(start, at) };
    }
  }

  get #openKind(): StatementPart["kind"] {
    return this.#isInComment ? "comment" : "quoted";
  }

  #kindAt(text: string, at: number): StatementPart["kind"] {
    if (this.#isInIon || text[at] === "`") return "quoted";
    const mark = markAt(QUOTES, text, at);
    if (mark === undefined) return "plain";
    return COMMENTS.has(mark) ? "comment" : "quoted";
  }

  /** Takes the part that begins at a place outside of quotes; returns its end, or that of the text. */
  #begin(text: string, at: number): number {
    if (text[at] === "`") {
      this.#isInIon = !this.#isInIon;
      return at + 1;
    }
    const mark = markAt(this.#isInIon ? ION_QUOTES : QUOTES, text, at);
    if (mark === undefined) return endOfPlain(this.#isInIon ? PLAIN_ION : PLAIN, text, at);
    this.#quote = (this.#isInIon ? ION_QUOTES : QUOTES)[mark];
    this.#isInComment = !this.#isInIon && COMMENTS.has(mark);
    return this.#close(text, at + mark.length);
  }

  /** Goes on within quotes; returns their end, or that of the text. */
  #close(text: string, from: number): number {
    const end = this.#isInIon ? this.#endOfIonQuote(text, from) : endOfQuote(text, from, this.#quote ?? "");
    if (end === undefined) return text.length;
    this.#quote = undefined;
    this.#isInComment = false;
    return end;
  }

  #endOfIonQuote(text: string, from: number): number | undefined {
    const mark = this.#quote ?? "";
    for (let at = from; at < text.length; at += 1) {
      if (this.#isEscaped) this.#isEscaped = false;
      else if (text[at] === "\\") this.#isEscaped = true;
      else if (text.startsWith(mark, at)) return at + mark.length;
    }
    return undefined;
  }
}

function markAt(quotes: Readonly<Record<string, string>>, text: string, at: number): string | undefined {
  return Object.keys(quotes).find((mark) => text.startsWith(mark, at));
}

function endOfQuote(text: string, from: number, mark: string): number | undefined {
  const at = text.indexOf(mark, from);
  return at === -1 ? undefined : at + mark.length;
}

/** At least one character: a slash or a hyphen alone begins nothing. */
function endOfPlain(plain: RegExp, text: string, at: number): number {
  plain.lastIndex = at;
  return plain.test(text) ? plain.lastIndex : at + 1;
}

/**
 * A statement on one line, without its comments, as a history keeps it. A text with line breaks in its quotes stays as it is.
 */
export function onOneLine(statement: string): string {
  let line = "";
  for (const { kind, text } of new StatementScanner().scan(statement)) {
    if (kind === "comment") line += " ";
    else line += kind === "quoted" ? text : text.replaceAll("\n", " ");
  }
  return line.replace(/ {2,}/g, (blanks) => (/['"`]/.test(line) ? blanks : " ")).trim();
}
