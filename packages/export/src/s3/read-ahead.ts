// SPDX-License-Identifier: MIT
import type { BucketObject, ExportBucket } from "./export-bucket";

/** Each request asks for so many bytes at most. */
const PART_BYTES = 4 * 1024 * 1024;
/** Parts that are asked for at once, of one object or of several; they bound the memory, too. */
const PARTS_AHEAD = 8;

/** A part of an object. */
interface Part {
  readonly object: BucketObject;
  readonly start: number;
  readonly end: number;
}

/** Reads objects in ranges, some of them at once, and goes on to the objects that follow. */
export class ReadAhead {
  readonly #bucket: ExportBucket;
  readonly #asked = new Map<string, Promise<Uint8Array>>();
  readonly #places = new Map<BucketObject, number>();
  #order: readonly BucketObject[] = [];

  constructor(bucket: ExportBucket) {
    this.#bucket = bucket;
  }

  /** Says in which order objects are likely to be read. */
  set order(objects: readonly BucketObject[]) {
    this.#order = objects;
    for (const [place, object] of objects.entries()) this.#places.set(object, place);
  }

  /** Reads an object from its beginning. */
  async *read(object: BucketObject): AsyncGenerator<Uint8Array> {
    for (const part of partsOf(object)) {
      const wanted = this.#partsFrom(part);
      this.#forgetOthers(wanted);
      const [content] = wanted.map((each) => this.#ask(each));
      if (content === undefined) return;
      this.#asked.delete(nameOf(part));
      yield await content;
    }
  }

  /** A part and those that follow, of this object and of the next ones. */
  #partsFrom(part: Part): Part[] {
    const wanted = partsOf(part.object).filter(({ start }) => start >= part.start);
    const next = (this.#places.get(part.object) ?? this.#order.length) + 1;
    for (const object of this.#order.slice(next, next + PARTS_AHEAD)) wanted.push(...partsOf(object));
    return wanted.slice(0, PARTS_AHEAD);
  }

  #ask(part: Part): Promise<Uint8Array> {
    const name = nameOf(part);
    const asked = this.#asked.get(name) ?? this.#bucket.readPart(part.object, part.start, part.end);
    this.#asked.set(name, asked);
    // Whoever reads the part gets the error. A part that nobody reads fails in silence.
    asked.catch(() => undefined);
    return asked;
  }

  /** Of a reader that jumped elsewhere: what it had asked for is no longer wanted. */
  #forgetOthers(wanted: readonly Part[]): void {
    const names = new Set(wanted.map(nameOf));
    for (const name of this.#asked.keys()) if (!names.has(name)) this.#asked.delete(name);
  }
}

function partsOf(object: BucketObject): Part[] {
  const count = Math.ceil(object.size / PART_BYTES);
  return Array.from({ length: count }, (_, index) => {
    const start = index * PART_BYTES;
    return { object, start, end: Math.min(object.size, start + PART_BYTES) };
  });
}

function nameOf({ object, start }: Part): string {
  return `${start} ${object.key}`;
}
