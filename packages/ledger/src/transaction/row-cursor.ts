// SPDX-License-Identifier: MIT
import { decodeIon, encodeIon, isDecoded, toIonBinary } from "@ledger-loader/ion";
import { decoded, type Undecoded } from "@ledger-loader/partiql";
import type { dom } from "ion-js";
import { LedgerLimitError } from "../errors";

/** The rows of one statement, read as they are asked for. */
export class RowCursor {
  readonly #rows: AsyncIterator<Undecoded>;
  readonly #parameterMemory: number;
  readonly #buffer: Undecoded[] = [];
  /** Rows that wait for their client, as Ion: values would take many times the memory. */
  #detached: Uint8Array[] = [];
  #detachedBytes = 0;
  #ended = false;
  #failure: { readonly error: unknown } | undefined;

  /** @param parameterMemory - what the statement's parameters take while rows are left, in bytes */
  constructor(rows: AsyncIterable<Undecoded>, parameterMemory = 0) {
    this.#rows = rows[Symbol.asyncIterator]();
    this.#parameterMemory = parameterMemory;
  }

  /** About how much memory it takes until its rows are read, in bytes. */
  get heldBytes(): number {
    return this.#detachedBytes + (this.#ended ? 0 : this.#parameterMemory);
  }

  /** True if all rows were found, and none is left. */
  get isDone(): boolean {
    return this.#ended && this.#buffer.length === 0 && this.#detached.length === 0;
  }

  /** The next row, or `undefined` after the last one. */
  async next(): Promise<dom.Value | undefined> {
    const detached = this.#nextDetached();
    if (detached !== undefined) return decodeIon(detached);
    const row = this.#buffer.shift() ?? (await this.#pull());
    return row && decoded(row);
  }

  /** The next row as Ion, or `undefined` after the last one. */
  async nextIon(): Promise<Uint8Array | undefined> {
    const detached = this.#nextDetached();
    if (detached !== undefined) return detached;
    const row = this.#buffer.shift() ?? (await this.#pull());
    return row && toIon(row);
  }

  /** True if there is another row. */
  async hasNext(): Promise<boolean> {
    if (this.#detached.length > 0 || this.#buffer.length > 0) return true;
    const row = await this.#pull();
    if (row !== undefined) this.#buffer.push(row);
    return row !== undefined;
  }

  /**
   * Reads all rows now, so that what the transaction does next cannot change them. A row that cannot be made is an
   * error for the one who reads on, not for this caller.
   *
   * @param bytesMax - more rows than this, in bytes of Ion, are such an error
   */
  async detach(bytesMax: number): Promise<void> {
    // What was detached before comes first, and is there already.
    const rows: Uint8Array[] = this.#detached;
    let bytes = this.#detachedBytes;
    try {
      for (
        let row = this.#buffer.shift() ?? (await this.#pull());
        row !== undefined;
        row = await this.#pull()
      ) {
        const ion = toIon(row);
        bytes += ion.length;
        if (bytes > bytesMax) throw new LedgerLimitError("bytes of unfetched rows", bytesMax, bytes);
        rows.push(ion);
      }
      this.#detached = toOneBlock(rows);
      this.#detachedBytes = bytes;
    } catch (error) {
      this.#failure = { error };
      this.#detached = [];
      this.#detachedBytes = 0;
      await this.#rows.return?.();
    }
  }

  /** Reads all rows now and keeps them. */
  async drain(): Promise<void> {
    for (let row = await this.#pull(); row !== undefined; row = await this.#pull()) this.#buffer.push(row);
  }

  /** Reads all remaining rows. */
  async all(): Promise<readonly dom.Value[]> {
    await this.drain();
    return this.#buffer.splice(0).map(decoded);
  }

  #nextDetached(): Uint8Array | undefined {
    const ion = this.#detached.shift();
    this.#detachedBytes -= ion?.length ?? 0;
    return ion;
  }

  async #pull(): Promise<Undecoded | undefined> {
    if (this.#failure !== undefined) throw this.#failure.error;
    if (this.#ended) return undefined;
    const result = await this.#rows.next();
    if (result.done !== true) return result.value;
    this.#ended = true;
    return undefined;
  }
}

function toIon(row: Undecoded): Uint8Array {
  return isDecoded(row) ? encodeIon(row) : toIonBinary(row);
}

/** Thousands of small buffers leave memory behind that the C library does not give back. */
function toOneBlock(rows: readonly Uint8Array[]): Uint8Array[] {
  const block = Buffer.concat(rows);
  let end = 0;
  return rows.map(({ length }) => block.subarray(end, (end += length)));
}
