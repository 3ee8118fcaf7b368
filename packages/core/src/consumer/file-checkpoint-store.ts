// SPDX-License-Identifier: MIT
import { open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { isSameLease, type CheckpointStore, type ShardLease } from "./checkpoint-store";
import { CheckpointFileError } from "../errors";
import { syncFolder } from "../files/sync-folder";
import { withFileLock } from "../files/file-lock";

const FORMAT = 1;

interface Content {
  readonly format: typeof FORMAT;
  readonly stream: string;
  readonly leases: readonly ShardLease[];
}

/**
 * Keeps leases and checkpoints of one stream in a file, for the consumers of one machine: a lock keeps their changes apart.
 *
 * The file is replaced as a whole, after its content is on the disk: after a crash it holds the last checkpoints, or those
 * before. Consumers on several machines need a store that they share, such as `DynamoDbCheckpointStore`.
 */
export class FileCheckpointStore implements CheckpointStore {
  readonly #path: string;
  readonly #stream: string;

  /**
   * @param path the file; it appears with the first lease, in a folder that exists.
   * @param stream what the checkpoints are of; a file of another stream is refused.
   */
  constructor(path: string, stream: string) {
    this.#path = path;
    this.#stream = stream;
  }

  /** @throws CheckpointFileError if the file is none of checkpoints, or of another stream. */
  async read(): Promise<readonly ShardLease[]> {
    const text = await readIfThere(this.#path);
    return text === undefined ? [] : this.#parse(text);
  }

  replace(previous: ShardLease | undefined, next: ShardLease): Promise<boolean> {
    return this.#change(next.shardId, previous, [next]);
  }

  async remove(lease: ShardLease): Promise<void> {
    await this.#change(lease.shardId, lease, []);
  }

  /** Puts `next` in the place of what is stored of a shard, if that is `previous`. */
  async #change(
    shardId: string,
    previous: ShardLease | undefined,
    next: readonly ShardLease[],
  ): Promise<boolean> {
    return withFileLock(this.#path, async () => {
      const leases = await this.read();
      const found = leases.find((lease) => lease.shardId === shardId);
      if (!isSameLease(found, previous)) return false;
      await this.#write([...leases.filter((lease) => lease !== found), ...next]);
      return true;
    });
  }

  #parse(text: string): readonly ShardLease[] {
    const { format, stream, leases } = this.#parseJson(text);
    if (format !== FORMAT || !Array.isArray(leases)) {
      throw new CheckpointFileError(this.#path, `checkpoints in format ${FORMAT}`, "something else");
    }
    if (stream !== this.#stream) {
      throw new CheckpointFileError(
        this.#path,
        `checkpoints of ${this.#stream}`,
        `those of ${String(stream)}`,
      );
    }
    return leases as readonly ShardLease[];
  }

  #parseJson(text: string): Partial<Content> {
    try {
      return JSON.parse(text) as Partial<Content>;
    } catch (error) {
      throw new CheckpointFileError(this.#path, "checkpoints in JSON", "what is none", error);
    }
  }

  async #write(leases: readonly ShardLease[]): Promise<void> {
    const content: Content = { format: FORMAT, stream: this.#stream, leases };
    const partial = `${this.#path}.partial`;
    const file = await open(partial, "w", 0o600);
    try {
      await file.writeFile(`${JSON.stringify(content)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, this.#path);
    await syncFolder(dirname(this.#path));
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
