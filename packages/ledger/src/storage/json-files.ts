// SPDX-License-Identifier: MIT
import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { StoreUnreadableError } from "../errors";
import { syncPath } from "./durable-files";
import type { LedgerRecord, RecordStore } from "./record-store";

const suffix = ".json";

/** Keeps records in a folder: one file per record, replaced as a whole. */
export class JsonFiles<T extends LedgerRecord> implements RecordStore<T> {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Opens the folder and makes it if need be. */
  static async open<T extends LedgerRecord>(folder: string): Promise<JsonFiles<T>> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return new JsonFiles(folder);
  }

  async readAll(): Promise<readonly T[]> {
    const files = (await readdir(this.#folder)).filter((file) => file.endsWith(suffix));
    return Promise.all(files.map((file) => this.#read(join(this.#folder, file))));
  }

  async write(id: string, record: T): Promise<void> {
    const path = this.#path(id);
    const file = await open(`${path}.new`, "w", 0o600);
    try {
      await file.writeFile(JSON.stringify({ format: 1, ...record }));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${path}.new`, path);
    await syncPath(this.#folder);
  }

  /** No other process writes to the folder. */
  async replace(id: string, _from: T, to: T): Promise<boolean> {
    await this.write(id, to);
    return true;
  }

  holds(): Promise<boolean> {
    return Promise.resolve(true);
  }

  async remove(id: string): Promise<void> {
    await rm(this.#path(id), { force: true });
  }

  async #read(path: string): Promise<T> {
    try {
      const { format, ...record } = JSON.parse(await readFile(path, "utf8")) as Omit<T, "format"> & {
        readonly format: unknown;
      };
      if (format !== 1) throw new SyntaxError("another format");
      return record as unknown as T;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw new StoreUnreadableError(path, "it is not a record of a stream or an export", error);
    }
  }

  #path(id: string): string {
    return join(this.#folder, id + suffix);
  }
}
