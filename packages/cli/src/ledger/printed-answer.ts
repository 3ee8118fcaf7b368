// SPDX-License-Identifier: MIT

/** The members of an answer of `GetBlock` or `GetRevision`, each as Ion text. */
export interface PrintedAnswer {
  readonly Block?: string;
  readonly Revision?: string;
  readonly Proof?: string;
}

/**
 * A line on which a member begins: `Block:` and `- Block:` in YAML, `BLOCK` and a tab in text, and `Block` between vertical
 * lines in a table.
 */
const MEMBER =
  /^(?:- | {2})?(?<yaml>Block|Revision|Proof):[ \t]*$|^(?<text>BLOCK|REVISION|PROOF)\t|^\|+ +(?<table>Block|Revision|Proof) +\|+\r?$/gm;

const NAMES = { block: "Block", revision: "Revision", proof: "Proof" } as const;

/** How a member's content is read, by the form. */
const READERS = {
  yaml: readYamlIonText,
  text: (content: string) => content,
  table: readTableIonText,
} as const;

/**
 * Reads an answer with a proof in the forms in which the AWS CLI prints it with `--output text`, `table`, `yaml` and
 * `yaml-stream`.
 *
 * `undefined` if the text has none of these forms, or names a member twice: of two, none is chosen.
 */
export function readPrintedAnswer(text: string): PrintedAnswer | undefined {
  const starts = [...text.matchAll(MEMBER)];
  const answer: { -readonly [Name in keyof PrintedAnswer]: string } = {};
  for (const [index, start] of starts.entries()) {
    const [form, found = ""] = formOf(start);
    const name = NAMES[found.toLowerCase() as keyof typeof NAMES];
    const content = text.slice(start.index + start[0].length, starts[index + 1]?.index).trim();
    if (answer[name] !== undefined) return undefined;
    answer[name] = READERS[form](content);
  }
  return starts.length === 0 ? undefined : answer;
}

type Form = keyof typeof READERS;

function formOf({ groups = {} }: RegExpExecArray): [form: Form, name: string | undefined] {
  const form = (Object.keys(READERS) as Form[]).find((each) => groups[each] !== undefined) ?? "text";
  return [form, groups[form]];
}

/** The scalar of `IonText:`. Ion's braces and brackets mean something else in YAML, so that it is always quoted. */
function readYamlIonText(content: string): string {
  const scalar = /^IonText:\s*(['"])([^]*)\1$/.exec(content);
  if (!scalar) return "";
  const [, quote, inner = ""] = scalar;
  if (quote === "'") return unfold(inner).replaceAll("''", "'");
  const joined = inner.replace(/\\\r?\n[ \t]*/g, "").replace(/\\ /g, " ");
  try {
    return JSON.parse(`"${unfold(joined)}"`) as string;
  } catch {
    return "";
  }
}

/** The row `IonText` of a member's table: the value ends where the blanks before the table's right edge begin. */
function readTableIonText(content: string): string {
  return /^\|+ +IonText *\| +(.*?) *\|+\r?$/m.exec(content)?.[1] ?? "";
}

/** Puts a quoted scalar on one line: YAML folds a line's end into a space (YAML 1.2, section 7.3). */
function unfold(scalar: string): string {
  return scalar.replace(/[ \t]*\r?\n[ \t]*/g, " ");
}
