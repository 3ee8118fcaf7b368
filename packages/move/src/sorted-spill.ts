// SPDX-License-Identifier: MIT
import { createReadStream } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** Settings of a {@link SortedSpill}. */
export interface SortedSpillOptions<T> {
  /** What items are sorted by, in code unit order. Items with equal keys keep the order they were added in. */
  readonly keyOf: (item: T) => string;
  /** Items held in memory before they are written to disk as one sorted run. */
  readonly runSize?: number | undefined;
  /** The folder under which a temporary folder is made. Default: the system's. */
  readonly folder?: string | undefined;
}

/** At a few hundred bytes an item: some tens of megabytes. */
const RUN_SIZE = 100_000;

/**
 * Sorts more items than fit into memory: full runs go to files in a temporary folder, and reading merges them.
 *
 * Memory holds one run, and one item and one read buffer per run while merging. Items MUST survive JSON.
 * {@link SortedSpill.dispose} MUST be called; it removes the files.
 */
export class SortedSpill<T> {
  readonly #options: SortedSpillOptions<T>;
  readonly #runSize: number;
  #run: T[] = [];
  #folder: string | undefined;
  readonly #files: string[] = [];

  constructor(options: SortedSpillOptions<T>) {
    this.#options = options;
    this.#runSize = options.runSize ?? RUN_SIZE;
  }

  /** Adds an item; resolves when there is room for the next. */
  async add(item: T): Promise<void> {
    this.#run.push(item);
    if (this.#run.length >= this.#runSize) await this.#flush();
  }

  /** All items in order. To be read once, after the last `add`. */
  async *sorted(): AsyncGenerator<T> {
    const inMemory = this.#sortRun();
    this.#run = [];
    if (this.#files.length === 0) {
      yield* inMemory;
      return;
    }
    // The run still in memory was added last, so it comes last among equal keys.
    yield* merge([...this.#files.map((file) => readRun<T>(file)), fromArray(inMemory)], this.#options.keyOf);
  }

  /** Removes what was written. */
  async dispose(): Promise<void> {
    this.#run = [];
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true, force: true });
  }

  #sortRun(): T[] {
    const { keyOf } = this.#options;
    const keyed = this.#run.map((item) => ({ key: keyOf(item), item }));
    keyed.sort((a, b) => compareKeys(a.key, b.key));
    return keyed.map(({ item }) => item);
  }

  async #flush(): Promise<void> {
    this.#folder ??= await makeFolder(this.#options.folder ?? tmpdir());
    const file = join(this.#folder, `run-${String(this.#files.length)}.jsonl`);
    await writeFile(
      file,
      this.#sortRun().map((item) => `${JSON.stringify(item)}\n`),
      // Fingerprints only, but of private documents.
      { mode: 0o600 },
    );
    this.#files.push(file);
    this.#run = [];
  }
}

async function makeFolder(parent: string): Promise<string> {
  await mkdir(parent, { recursive: true, mode: 0o700 });
  return mkdtemp(join(parent, "ledger-loader-sort-"));
}

// oxlint-disable-next-line typescript/require-await -- a run on disk and the run in memory are merged alike
async function* fromArray<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

async function* readRun<T>(file: string): AsyncGenerator<T> {
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Infinity });
  for await (const line of lines) yield JSON.parse(line) as T;
}

interface Head<T> {
  readonly key: string;
  readonly item: T;
  readonly run: number;
}

/** Merges sorted runs; among equal keys the earlier run comes first. */
async function* merge<T>(runs: readonly AsyncGenerator<T>[], keyOf: (item: T) => string): AsyncGenerator<T> {
  const heads: Head<T>[] = [];
  try {
    for (let run = 0; run < runs.length; run++) await advance(run);
    for (let head = heads.shift(); head !== undefined; head = heads.shift()) {
      yield head.item;
      await advance(head.run);
    }
  } finally {
    await Promise.all(runs.map((run) => run.return(undefined)));
  }

  /** Puts a run's next item in its place among the heads, which stay sorted. */
  async function advance(run: number): Promise<void> {
    const next = await runs[run]?.next();
    if (next === undefined || next.done === true) return;
    const head: Head<T> = { key: keyOf(next.value), item: next.value, run };
    let low = 0;
    let high = heads.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isBefore(heads[middle], head)) low = middle + 1;
      else high = middle;
    }
    heads.splice(low, 0, head);
  }
}

function isBefore<T>(a: Head<T> | undefined, b: Head<T>): boolean {
  if (a === undefined) return false;
  const order = compareKeys(a.key, b.key);
  return order < 0 || (order === 0 && a.run < b.run);
}

/** Code unit order, not the locale's: every machine sorts alike. */
export function compareKeys(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
