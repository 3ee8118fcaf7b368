// SPDX-License-Identifier: MIT
import { type Hash as Hasher, createHash } from "node:crypto";
import type { LocatedObject } from "./export-storage";
import { inflateIfGzipped } from "./inflate";

/** The SHA-256 of a file as it is stored, which `sha256sum` prints too. */
export interface FileHash {
  /** The path or URL of the file. */
  readonly location: string;
  /** In lower-case hexadecimal. */
  readonly sha256: string;
  readonly bytes: number;
}

/** Bytes at the start of the content that tell its format. */
const HEAD_BYTES = 4096;

/** The content of a data object, read once: hashed as it is stored, and handed out inflated. */
export class ObjectContent {
  readonly #located: LocatedObject;
  readonly #key: string;
  readonly #stored: AsyncIterator<Uint8Array>;
  readonly #hasher: Hasher = createHash("sha256");
  #bytes = 0;
  #head: Uint8Array = new Uint8Array(0);

  constructor(located: LocatedObject, key: string) {
    this.#located = located;
    this.#key = key;
    this.#stored = located.read()[Symbol.asyncIterator]();
  }

  /** The first bytes of the content, as far as they were read. */
  get head(): Uint8Array {
    return this.#head;
  }

  /** Streams the content. Stopping the iteration leaves the rest for {@link finish}. */
  async *read(): AsyncGenerator<Uint8Array> {
    for await (const chunk of inflateIfGzipped(this.#readStored(), this.#key)) {
      if (this.#head.length < HEAD_BYTES) {
        this.#head = Buffer.concat([this.#head, chunk.subarray(0, HEAD_BYTES - this.#head.length)]);
      }
      yield chunk;
    }
  }

  /** Reads what is left, so that the hash covers the whole file. */
  async finish(): Promise<FileHash> {
    const rest = this.#readStored();
    for (let next = await rest.next(); next.done !== true; next = await rest.next());
    return { location: this.#located.location, sha256: this.#hasher.digest("hex"), bytes: this.#bytes };
  }

  /** Releases the file without reading it to its end. */
  async close(): Promise<void> {
    await this.#stored.return?.();
  }

  async *#readStored(): AsyncGenerator<Uint8Array> {
    for (let next = await this.#stored.next(); next.done !== true; next = await this.#stored.next()) {
      this.#hasher.update(next.value);
      this.#bytes += next.value.length;
      yield next.value;
    }
  }
}
