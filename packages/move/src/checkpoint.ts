// SPDX-License-Identifier: MIT
import { open, readFile, rename } from "node:fs/promises";
import { LedgerLoaderError } from "@ledger-loader/errors";

/** Where an interrupted replay goes on. */
export interface Checkpoint {
  readonly strandId: string;
  /** The target; a checkpoint serves no other target. */
  readonly target: string;
  /** Every event up to and including this block has ended. */
  readonly sequenceNo: number;
  /** Events rejected on the way there: going on does not bring them back. */
  readonly rejected: number;
  /** The field that keeps the documents' ids, where the replay chose another one than the default. */
  readonly idField?: string;
}

/** A checkpoint that cannot be used. */
export class CheckpointError extends LedgerLoaderError {
  readonly code = "CHECKPOINT";
  readonly path: string;

  constructor(path: string, expected: string, found: string, options: { readonly cause?: unknown } = {}) {
    super(
      `Expected ${expected} in the checkpoint ${path}, found ${found}: name the file of this very replay, ` +
        "or another one to begin from the start.",
      options,
    );
    this.path = path;
  }
}

const FORMAT = 1;

/** A file that holds the checkpoint of one replay. */
export class CheckpointFile {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** Reads the checkpoint; `undefined` if there is none yet. Throws {@link CheckpointError}. */
  async read(strandId: string, target: string): Promise<Checkpoint | undefined> {
    const content = await this.#readContent();
    if (content === undefined) return undefined;
    const checkpoint = parse(content);
    if (checkpoint === undefined) throw new CheckpointError(this.path, `format ${FORMAT}`, "something else");
    if (checkpoint.strandId !== strandId) {
      throw new CheckpointError(this.path, `strand ${strandId}`, checkpoint.strandId);
    }
    if (checkpoint.target !== target)
      throw new CheckpointError(this.path, `target ${target}`, checkpoint.target);
    return checkpoint;
  }

  /** Writes the checkpoint: after a crash the file holds it, or the one before. */
  async write(checkpoint: Checkpoint): Promise<void> {
    const partial = `${this.path}.partial`;
    const handle = await open(partial, "w", 0o600);
    try {
      await handle.writeFile(`${JSON.stringify({ format: FORMAT, ...checkpoint })}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(partial, this.path);
  }

  async #readContent(): Promise<string | undefined> {
    try {
      return await readFile(this.path, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw new CheckpointError(this.path, "a readable file", String(error), { cause: error });
    }
  }
}

function parse(content: string): Checkpoint | undefined {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    // Not JSON: the caller says what it is not.
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const { format, strandId, target, sequenceNo, rejected, idField } = value as Record<string, unknown>;
  if (format !== FORMAT || typeof strandId !== "string" || typeof target !== "string") return undefined;
  if (typeof sequenceNo !== "number" || typeof rejected !== "number") return undefined;
  const checkpoint = { strandId, target, sequenceNo, rejected };
  return typeof idField === "string" ? { ...checkpoint, idField } : checkpoint;
}
