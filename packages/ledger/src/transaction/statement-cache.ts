// SPDX-License-Identifier: MIT
import { compile, type Statement } from "@ledger-loader/partiql";

/** Statements with many literals are rarely sent twice, and would only push useful ones out. */
const cachedCharactersMax = 4096;
const entriesMax = 500;

/** Compiled statements by their text, the least recently used dropped first. */
export class StatementCache {
  readonly #statements = new Map<string, Statement>();

  /** True if compiling takes some time: up to a tenth of a second for the longest texts. */
  isLong(text: string): boolean {
    return text.length > cachedCharactersMax;
  }

  /** Compiles `text`, or returns what compiling it gave before. Throws PartiQL's errors. */
  compile(text: string): Statement {
    const known = this.#statements.get(text);
    const statement = known ?? compile(text);
    if (this.isLong(text)) return statement;
    // Deleting first moves a known statement to the end, where the newest are.
    this.#statements.delete(text);
    this.#statements.set(text, statement);
    if (this.#statements.size > entriesMax) {
      const [oldest] = this.#statements.keys();
      if (oldest !== undefined) this.#statements.delete(oldest);
    }
    return statement;
  }
}
