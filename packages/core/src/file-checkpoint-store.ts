// SPDX-License-Identifier: MIT
import { open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import type { CheckpointStore } from "./checkpoint-store";
import { CheckpointFileError } from "./errors";
import { syncFolder } from "./file-dead-letter-sink";

const FORMAT = 1;

/**
 * Keeps the checkpoints of one stream in a file: after a crash it holds the last ones, or those before.
 *
 * For one process: two that share a file overwrite each other's checkpoints.
 */
export class FileCheckpointStore implements CheckpointStore {
  readonly #path: string;
  readonly #stream: string;
  #checkpoints: Map<string, string> | undefined;
  /** Writes wait for each other: shards are read side by side and share the file. */
  #last: Promise<unknown> = Promise.resolve();

  /** @param stream what the checkpoints are of; a file of another stream is refused. */
  constructor(path: string, stream: string) {
    this.#path = path;
    this.#stream = stream;
  }

  /** @throws CheckpointFileError if the file is none, or of another stream. */
  async read(): Promise<ReadonlyMap<string, string>> {
    return new Map(await this.#load());
  }

  write(shard: string, checkpoint: string): Promise<void> {
    return this.#change((checkpoints) => checkpoints.set(shard, checkpoint));
  }

  remove(shard: string): Promise<void> {
    return this.#change((checkpoints) => checkpoints.delete(shard));
  }

  #change(change: (checkpoints: Map<string, string>) => unknown): Promise<void> {
    const write = async (): Promise<void> => {
      const checkpoints = await this.#load();
      change(checkpoints);
      const shards = Object.fromEntries(checkpoints);
      await replaceDurably(
        this.#path,
        `${JSON.stringify({ format: FORMAT, stream: this.#stream, shards })}\n`,
      );
    };
    const written = this.#last.then(write, write);
    this.#last = written;
    return written;
  }

  async #load(): Promise<Map<string, string>> {
    this.#checkpoints ??= await this.#parse();
    return this.#checkpoints;
  }

  async #parse(): Promise<Map<string, string>> {
    const text = await readIfThere(this.#path);
    if (text === undefined) return new Map();
    const { format, stream, shards } = this.#parseJson(text);
    if (format !== FORMAT || typeof shards !== "object" || shards === null) {
      throw new CheckpointFileError(this.#path, `checkpoints in format ${FORMAT}`, "something else");
    }
    if (stream !== this.#stream) {
      throw new CheckpointFileError(
        this.#path,
        `checkpoints of ${this.#stream}`,
        `those of ${String(stream)}`,
      );
    }
    return new Map(Object.entries(shards as Readonly<Record<string, string>>));
  }

  #parseJson(text: string): Readonly<Record<string, unknown>> {
    try {
      return JSON.parse(text) as Readonly<Record<string, unknown>>;
    } catch (error) {
      throw new CheckpointFileError(this.#path, "checkpoints in JSON", "what is none", error);
    }
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

async function replaceDurably(path: string, text: string): Promise<void> {
  const partial = `${path}.partial`;
  const file = await open(partial, "w", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(partial, path);
  await syncFolder(dirname(path));
}
