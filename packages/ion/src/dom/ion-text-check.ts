// SPDX-License-Identifier: MIT

const CLOSING: Readonly<Record<string, string>> = { "{": "}", "[": "]", "(": ")", "{{": "}}" };

/**
 * The tokens of Ion text, and so of JSON, that can hide or be a bracket; a blob's base64 may hold `//`. Strings and
 * comments that are not closed match their opening alone (the last alternatives), which is the error.
 */
// Repetitions are unrolled: text of megabytes must not fill the stack of the regular expression.
export const ION_TOKEN = new RegExp(
  [
    /"[^"\\]*(?:\\[^][^"\\]*)*"/,
    /'''[^'\\]*(?:(?:\\[^]|'(?!''))[^'\\]*)*'''/,
    /'[^'\\]*(?:\\[^][^'\\]*)*'/,
    /\/\/[^\n\r]*/,
    /\/\*[^]*?\*\//,
    /\{\{[A-Za-z0-9+/=\s]*\}\}/,
    /\{\{|[{}[\]()]|["']|\/\*/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "g",
);

/**
 * Checks that every bracket, string and comment in Ion or JSON text is closed.
 *
 * ion-js takes the end of the text for the end of every open struct, so a body that was cut off would be loaded with
 * what happened to arrive.
 *
 * @throws RangeError saying at which character what is missing.
 */
export function checkIonText(text: string): void {
  const open: { readonly bracket: string; readonly at: number }[] = [];
  for (const { 0: token, index } of text.matchAll(ION_TOKEN)) {
    if (token in CLOSING) {
      open.push({ bracket: token, at: index });
    } else if (/^[}\])]$/.test(token)) {
      checkClosing(text, token, index, open);
    } else if (token === '"' || token === "'" || token === "/*") {
      throw new RangeError(`the ${token} at character ${index} is not closed`);
    }
  }
  const last = open.at(-1);
  if (last !== undefined) throw new RangeError(`the ${last.bracket} at character ${last.at} is not closed`);
}

function checkClosing(text: string, token: string, index: number, open: { bracket: string }[]): void {
  const last = open.pop();
  if (last?.bracket === "{{") {
    // A clob's two closing braces come as two tokens: the first is checked here, the second pops a placeholder.
    if (token !== "}" || text[index + 1] !== "}")
      throw new RangeError(`the clob before character ${index} is not closed`);
    open.push({ bracket: "{" });
  } else if (last === undefined || CLOSING[last.bracket] !== token) {
    throw new RangeError(`the ${token} at character ${index} closes nothing`);
  }
}
