// SPDX-License-Identifier: MIT
import type { SortedLine } from "./run-file";

/** A sorted run, as pages of lines. */
export type Run = Iterable<readonly SortedLine[]> | AsyncIterable<readonly SortedLine[]>;

/** Merges sorted runs; among equal keys the earlier run comes first. */
export async function* mergeRuns(runs: readonly Run[]): AsyncGenerator<SortedLine> {
  const readers = runs.map((run, place) => new RunReader(run, place));
  const heap = new RunHeap();
  try {
    for (const reader of readers) if (await reader.next()) heap.push(reader);
    for (let first = heap.first; first !== undefined; first = heap.first) {
      yield first.line;
      // Only a page that has ended is waited for.
      heap.sink(first.step() || (await first.next()));
    }
  } finally {
    await Promise.all(readers.map((reader) => reader.close()));
  }
}

/** Reads a run line by line. */
class RunReader {
  readonly place: number;
  readonly #pages: Iterator<readonly SortedLine[]> | AsyncIterator<readonly SortedLine[]>;
  #page: readonly SortedLine[] = [];
  #at = 0;

  constructor(run: Run, place: number) {
    this.place = place;
    this.#pages = Symbol.asyncIterator in run ? run[Symbol.asyncIterator]() : run[Symbol.iterator]();
  }

  get line(): SortedLine {
    return this.#page[this.#at] ?? END;
  }

  /** Goes on to the next line of the page. */
  step(): boolean {
    this.#at += 1;
    return this.#at < this.#page.length;
  }

  /** Goes on to the next page. */
  async next(): Promise<boolean> {
    this.#at = 0;
    do {
      const next = await this.#pages.next();
      if (next.done === true) return false;
      this.#page = next.value;
    } while (this.#page.length === 0);
    return true;
  }

  async close(): Promise<void> {
    await this.#pages.return?.();
  }

  isBefore(other: RunReader): boolean {
    const [a, b] = [this.line.key, other.line.key];
    return a < b || (a === b && this.place < other.place);
  }
}

const END: SortedLine = { key: "", json: "" };

/** A binary heap of readers, the one with the first line on top. */
class RunHeap {
  readonly #readers: RunReader[] = [];

  get first(): RunReader | undefined {
    return this.#readers[0];
  }

  push(reader: RunReader): void {
    this.#readers.push(reader);
    for (let at = this.#readers.length - 1; at > 0;) {
      const above = (at - 1) >> 1;
      if (!this.#swapUnlessBefore(above, at)) return;
      at = above;
    }
  }

  /** Puts the first reader in its place again; one without a next line is taken out. */
  sink(hasNext: boolean): void {
    if (!hasNext) {
      const last = this.#readers.pop();
      if (last === undefined || this.#readers.length === 0) return;
      this.#readers[0] = last;
    }
    for (let at = 0; ;) {
      const left = 2 * at + 1;
      const right = left + 1;
      const [a, b] = [this.#readers[left], this.#readers[right]];
      if (a === undefined) return;
      const below = b?.isBefore(a) === true ? right : left;
      if (!this.#swapUnlessBefore(at, below)) return;
      at = below;
    }
  }

  #swapUnlessBefore(above: number, below: number): boolean {
    const [a, b] = [this.#readers[above], this.#readers[below]];
    if (a === undefined || b === undefined || a.isBefore(b)) return false;
    this.#readers[above] = b;
    this.#readers[below] = a;
    return true;
  }
}
