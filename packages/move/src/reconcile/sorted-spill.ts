// SPDX-License-Identifier: MIT
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mergeRuns } from "./merge-runs";
import { readRun, type SortedLine, writeRun } from "./run-file";

/** Settings of a {@link SortedSpill}. */
export interface SortedSpillOptions<T> {
  /** The key that items are sorted by, in code unit order. Items with equal keys keep the order they were added in. */
  readonly keyOf: (item: T) => string;
  /** Items held in memory before they are written to disk as one sorted run; fewer where they are large. For tests. */
  readonly runSize?: number | undefined;
  /** The folder under which a temporary folder is made. Default: the system's. */
  readonly folder?: string | undefined;
}

/** Items and characters that are held in memory: with what the sorting itself takes, some 20 MB. */
const RUN_SIZE = 50_000;
const RUN_CHARACTERS = 8 * 1024 * 1024;

/** Runs that are merged at once: each has an open file and a buffer. More are first made one. */
const RUNS_MAX = 64;

/**
 * Sorts more items than fit into memory: full runs go to files in a temporary folder, and reading merges them.
 *
 * Memory holds one run, and a read buffer per run while merging. Items MUST survive JSON. {@link SortedSpill.dispose} MUST be
 * called; it removes the files.
 */
export class SortedSpill<T> {
  readonly #options: SortedSpillOptions<T>;
  readonly #runSize: number;
  #run: SortedLine[] = [];
  #characters = 0;
  #folder: string | undefined;
  /** In the order in which their items were added. */
  #files: string[] = [];
  #written = 0;

  constructor(options: SortedSpillOptions<T>) {
    this.#options = options;
    this.#runSize = options.runSize ?? RUN_SIZE;
  }

  /** Adds an item; resolves when there is room for the next. */
  async add(item: T): Promise<void> {
    const line = { key: this.#options.keyOf(item), json: JSON.stringify(item) };
    this.#run.push(line);
    this.#characters += line.key.length + line.json.length;
    if (this.#run.length >= this.#runSize || this.#characters >= RUN_CHARACTERS) await this.#flush();
  }

  /** All items in order. To be read once, after the last `add`. */
  async *sorted(): AsyncGenerator<T> {
    const inMemory = this.#takeRun();
    // The run still in memory was added last, so it comes last among equal keys.
    const runs = [...this.#files.map((file) => readRun(file, this.#keyOf)), [inMemory]];
    for await (const { json } of mergeRuns(runs)) yield JSON.parse(json) as T;
  }

  /** Removes what was written. */
  async dispose(): Promise<void> {
    this.#run = [];
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true, force: true });
  }

  readonly #keyOf = (json: string): string => this.#options.keyOf(JSON.parse(json) as T);

  #takeRun(): SortedLine[] {
    const run = this.#run;
    this.#run = [];
    this.#characters = 0;
    return run.sort((a, b) => compareKeys(a.key, b.key));
  }

  async #flush(): Promise<void> {
    this.#files.push(await this.#write([[this.#takeRun()]]));
    if (this.#files.length < RUNS_MAX) return;
    const merged = this.#files;
    this.#files = [await this.#write(merged.map((file) => readRun(file, this.#keyOf)))];
    for (const file of merged) await rm(file);
  }

  async #write(runs: Parameters<typeof mergeRuns>[0]): Promise<string> {
    this.#folder ??= await makeFolder(this.#options.folder ?? tmpdir());
    const file = join(this.#folder, `run-${String(this.#written++)}.jsonl`);
    await writeRun(file, mergeRuns(runs));
    return file;
  }
}

async function makeFolder(parent: string): Promise<string> {
  await mkdir(parent, { recursive: true, mode: 0o700 });
  return mkdtemp(join(parent, "ledger-loader-sort-"));
}

/** Code unit order, not the locale's: every machine sorts alike. */
export function compareKeys(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
