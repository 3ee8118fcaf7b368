// SPDX-License-Identifier: MIT
import type { ExportStorage, LocatedObject, MissingObject } from "../read/export-storage";
import { GZIP_SUFFIX } from "../read/folder-storage";
import type { BucketObject, ExportBucket } from "./export-bucket";
import { ReadAhead } from "./read-ahead";

/**
 * The data objects of an export in a bucket.
 *
 * Keys are those that the manifest lists. Where an export was copied to another bucket or prefix, an object is looked for below the
 * manifest's own prefix, as in a folder. The objects are listed once, and read some parts ahead, in the manifest's order.
 */
export class BucketStorage implements ExportStorage {
  readonly #bucket: ExportBucket;
  readonly #keys: readonly string[];
  readonly #prefix: string;
  readonly #ahead: ReadAhead;
  #listed: Promise<ReadonlyMap<string, BucketObject>> | undefined;

  /**
   * @param keys - those of the manifest, in its order.
   * @param prefix - what stands before the manifest's name in its key.
   */
  constructor(bucket: ExportBucket, keys: readonly string[], prefix: string) {
    this.#bucket = bucket;
    this.#keys = keys;
    this.#prefix = prefix;
    this.#ahead = new ReadAhead(bucket);
  }

  async locate(key: string): Promise<LocatedObject | MissingObject> {
    const listed = await (this.#listed ??= this.#list());
    const object = this.#find(key, listed);
    if (object === undefined) {
      return { found: false, tried: this.#placesOf(key).map((each) => this.#bucket.locationOf(each)) };
    }
    return {
      found: true,
      location: this.#bucket.locationOf(object.key),
      size: object.size,
      read: () => this.#ahead.read(object),
    };
  }

  async #list(): Promise<ReadonlyMap<string, BucketObject>> {
    const named = await this.#bucket.list(commonPrefix(this.#keys));
    const keys = new Set(named.map(({ key }) => key));
    const isWhole = this.#keys.every((key) => keys.has(key));
    const below = isWhole ? [] : await this.#bucket.list(this.#prefix);
    const listed = new Map([...named, ...below].map((object) => [object.key, object]));
    this.#ahead.order = this.#keys.flatMap((key) => this.#find(key, listed) ?? []);
    return listed;
  }

  #find(key: string, listed: ReadonlyMap<string, BucketObject>): BucketObject | undefined {
    const place = this.#placesOf(key).find((each) => listed.has(each));
    return place === undefined ? undefined : listed.get(place);
  }

  #placesOf(key: string): string[] {
    const parts = key.split("/");
    const below = parts.map((_, depth) => this.#prefix + parts.slice(depth).join("/"));
    return [key, ...below].flatMap((place) => [place, place + GZIP_SUFFIX]);
  }
}

/** The common beginning of all keys, up to a slash: a listing of it holds little else. */
function commonPrefix(keys: readonly string[]): string {
  const [first = ""] = keys;
  let length = first.length;
  for (const key of keys) {
    while (!key.startsWith(first.slice(0, length))) length--;
  }
  return first.slice(0, first.slice(0, length).lastIndexOf("/") + 1);
}
