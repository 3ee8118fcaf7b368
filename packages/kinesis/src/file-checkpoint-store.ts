// SPDX-License-Identifier: MIT
import { open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { withFileLock } from "@ledger-loader/core";
import { isSameLease, type CheckpointStore, type ShardLease } from "./checkpoint-store";
import { CheckpointFileError } from "./kinesis-errors";

interface Content {
  readonly format: 1;
  readonly stream: string;
  readonly leases: readonly ShardLease[];
}

/**
 * Keeps leases and checkpoints in a file, for the consumers of one machine.
 *
 * The file is replaced as a whole, after its content is on the disk. Consumers on several machines need a store that they share.
 */
export class FileCheckpointStore implements CheckpointStore {
  readonly #path: string;
  readonly #streamName: string;

  /** @param path the file; it appears with the first checkpoint, in a folder that exists. */
  constructor(path: string, streamName: string) {
    this.#path = path;
    this.#streamName = streamName;
  }

  /** @throws CheckpointFileError if the file is of another stream, or no such file. */
  async read(): Promise<readonly ShardLease[]> {
    const text = await readFile(this.#path, "utf8").catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    });
    return text === undefined ? [] : this.#parse(text);
  }

  async replace(previous: ShardLease | undefined, next: ShardLease): Promise<boolean> {
    return withFileLock(this.#path, async () => {
      const leases = await this.read();
      const found = leases.find(({ shardId }) => shardId === next.shardId);
      if (!isSameLease(found, previous)) return false;
      await this.#write([...leases.filter((lease) => lease !== found), next]);
      return true;
    });
  }

  #parse(text: string): readonly ShardLease[] {
    let content: Partial<Content> | undefined;
    try {
      content = JSON.parse(text) as Partial<Content>;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
    if (content?.format !== 1 || content.leases === undefined) {
      throw new CheckpointFileError(this.#path, this.#streamName, "something else");
    }
    if (content.stream !== this.#streamName) {
      throw new CheckpointFileError(this.#path, this.#streamName, `those of ${String(content.stream)}`);
    }
    return content.leases;
  }

  async #write(leases: readonly ShardLease[]): Promise<void> {
    const content: Content = { format: 1, stream: this.#streamName, leases };
    const file = await open(`${this.#path}.new`, "w", 0o600);
    try {
      await file.writeFile(JSON.stringify(content));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${this.#path}.new`, this.#path);
    const folder = await open(dirname(this.#path));
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }
}
