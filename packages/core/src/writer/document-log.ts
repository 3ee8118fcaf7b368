// SPDX-License-Identifier: MIT
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DryRunStorageError } from "../errors";

/** So many bytes of documents stay in memory; what came before goes to the file. */
const MEMORY_BYTES = 4 * 1024 * 1024;
/** Each document is behind its length. */
const LENGTH_BYTES = 4;

/**
 * Keeps documents of which few are looked at again: the newest in memory, all others in a temporary file without a name, which
 * the operating system removes with the process.
 */
export class DocumentLog {
  readonly #memoryBytes: number;
  readonly #folder: string;
  /** The end of the log, from {@link DocumentLog.#fileBytes} on. */
  #newest: Buffer | undefined;
  #newestBytes = 0;
  #file: number | undefined;
  #fileBytes = 0;

  /**
   * @param memoryBytes - how many bytes of documents stay in memory
   * @param folder - where the file is made
   */
  constructor(memoryBytes: number = MEMORY_BYTES, folder: string = tmpdir()) {
    this.#memoryBytes = memoryBytes;
    this.#folder = folder;
  }

  /**
   * Adds a document and returns the place where it is found again.
   *
   * @throws DryRunStorageError if the temporary folder takes no more.
   */
  add(document: Uint8Array): number {
    const bytes = LENGTH_BYTES + document.length;
    this.#newest ??= Buffer.allocUnsafe(this.#memoryBytes);
    if (this.#newestBytes + bytes > this.#newest.length) this.#moveToFile(this.#newest);
    const place = this.#fileBytes + this.#newestBytes;
    if (bytes > this.#newest.length) {
      this.#append(Buffer.concat([lengthOf(document), document]));
      return place;
    }
    this.#newest.set(lengthOf(document), this.#newestBytes);
    this.#newest.set(document, this.#newestBytes + LENGTH_BYTES);
    this.#newestBytes += bytes;
    return place;
  }

  /** Reads the document that was added at a place. */
  read(place: number): Uint8Array {
    const length = this.#readBytes(place, LENGTH_BYTES).readUInt32LE();
    return this.#readBytes(place + LENGTH_BYTES, length);
  }

  /** Gives the file back. Nothing can be read afterwards. */
  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #moveToFile(newest: Buffer): void {
    this.#append(newest.subarray(0, this.#newestBytes));
    this.#newestBytes = 0;
  }

  #append(bytes: Uint8Array): void {
    try {
      this.#file ??= openNamelessFile(this.#folder);
      writeWhole(this.#file, bytes, this.#fileBytes);
    } catch (cause) {
      throw new DryRunStorageError(this.#folder, cause);
    }
    this.#fileBytes += bytes.length;
  }

  /** Copies bytes: those in memory make room for others. */
  #readBytes(place: number, length: number): Buffer {
    const from = place - this.#fileBytes;
    if (from >= 0) return Buffer.from(this.#newest?.subarray(from, from + length) ?? []);
    const bytes = Buffer.alloc(length);
    for (let done = 0; done < length && this.#file !== undefined;) {
      const read = readSync(this.#file, bytes, done, length - done, place + done);
      if (read === 0) break;
      done += read;
    }
    return bytes;
  }
}

function lengthOf({ length }: Uint8Array): Buffer {
  const bytes = Buffer.alloc(LENGTH_BYTES);
  bytes.writeUInt32LE(length);
  return bytes;
}

/** Documents are private: no other user may open the file, and no name of it is left behind. */
function openNamelessFile(parent: string): number {
  const folder = mkdtempSync(join(parent, "ledger-loader-judged-"));
  try {
    return openSync(join(folder, "documents"), "wx+", 0o600);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeWhole(file: number, bytes: Uint8Array, place: number): void {
  for (let done = 0; done < bytes.length;) {
    done += writeSync(file, bytes, done, bytes.length - done, place + done);
  }
}
