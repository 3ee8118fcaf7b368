// SPDX-License-Identifier: MIT
import type { dom } from "ion-js";

/** The rows of one statement, read as they are asked for. */
export class RowCursor {
  readonly #rows: AsyncIterator<dom.Value>;
  readonly #buffer: dom.Value[] = [];
  #ended = false;
  #failure: { readonly error: unknown } | undefined;

  constructor(rows: AsyncIterable<dom.Value>) {
    this.#rows = rows[Symbol.asyncIterator]();
  }

  /** The next row, or `undefined` after the last one. */
  async next(): Promise<dom.Value | undefined> {
    return this.#buffer.shift() ?? (await this.#pull());
  }

  /** Whether there is another row. */
  async hasNext(): Promise<boolean> {
    if (this.#buffer.length > 0) return true;
    const row = await this.#pull();
    if (row !== undefined) this.#buffer.push(row);
    return row !== undefined;
  }

  /**
   * Reads all rows now, so that what the transaction does next cannot change them. A row that cannot be made is an
   * error for the one who reads on, not for this caller.
   */
  async detach(): Promise<void> {
    try {
      await this.drain();
    } catch (error) {
      this.#failure = { error };
    }
  }

  /** Reads all rows now and keeps them. */
  async drain(): Promise<void> {
    for (let row = await this.#pull(); row !== undefined; row = await this.#pull()) this.#buffer.push(row);
  }

  /** Reads all remaining rows. */
  async all(): Promise<readonly dom.Value[]> {
    await this.drain();
    return this.#buffer.splice(0);
  }

  async #pull(): Promise<dom.Value | undefined> {
    if (this.#failure !== undefined) throw this.#failure.error;
    if (this.#ended) return undefined;
    const result = await this.#rows.next();
    if (result.done !== true) return result.value;
    this.#ended = true;
    return undefined;
  }
}
