// SPDX-License-Identifier: MIT
import { compile, compileInSteps, type Statement } from "@ledger-loader/partiql";
import { inTurns, nextTurn } from "../turns";

/** Statements with many literals are rarely sent twice, and would only push useful ones out. */
const cachedCharactersMax = 4096;
const entriesMax = 500;

/** Compiled statements by their text, the least recently used dropped first. */
export class StatementCache {
  readonly #statements = new Map<string, Statement>();

  /**
   * Compiles `text`, or returns what compiling it gave before. Long texts are compiled in turns with others.
   *
   * @throws PartiQL's errors
   */
  async compile(text: string): Promise<Statement> {
    if (text.length <= cachedCharactersMax) return this.#compileShort(text);
    await nextTurn();
    const statement = await inTurns(compileInSteps(text));
    // Its first row may take as long as a part of it takes to compile.
    await nextTurn();
    return statement;
  }

  #compileShort(text: string): Statement {
    const statement = this.#statements.get(text) ?? compile(text);
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
