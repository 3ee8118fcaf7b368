// SPDX-License-Identifier: MIT
import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { StoreUnreadableError } from "../errors";
import { syncPath } from "../storage/durable-files";
import type { JournalStream } from "./journal-stream";

const suffix = ".json";

/** Keeps streams, each with its position, in a folder: one file per stream, replaced as a whole. */
export class StreamFiles {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Opens the folder and makes it if need be. */
  static async open(folder: string): Promise<StreamFiles> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return new StreamFiles(folder);
  }

  /** All streams of all ledgers. @throws StoreUnreadableError if a file is not one of ours. */
  async readAll(): Promise<readonly JournalStream[]> {
    const files = (await readdir(this.#folder)).filter((file) => file.endsWith(suffix));
    return Promise.all(files.map((file) => this.#read(join(this.#folder, file))));
  }

  /** Keeps a stream as it is now; it survives a crash of the machine when the promise resolves. */
  async write(stream: JournalStream): Promise<void> {
    const path = this.#path(stream.streamId);
    const file = await open(`${path}.new`, "w", 0o600);
    try {
      await file.writeFile(JSON.stringify({ format: 1, ...stream }));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${path}.new`, path);
    await syncPath(this.#folder);
  }

  async remove(streamId: string): Promise<void> {
    await rm(this.#path(streamId), { force: true });
  }

  async #read(path: string): Promise<JournalStream> {
    try {
      const { format, ...stream } = JSON.parse(await readFile(path, "utf8")) as JournalStream & {
        readonly format: unknown;
      };
      if (format !== 1) throw new SyntaxError("another format");
      return stream;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw new StoreUnreadableError(path, "it is not a stream's", error);
    }
  }

  #path(streamId: string): string {
    return join(this.#folder, streamId + suffix);
  }
}
