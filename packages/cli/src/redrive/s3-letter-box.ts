// SPDX-License-Identifier: MIT
import type { S3Client } from "@aws-sdk/client-s3";
import type { LetterBox, SettledLetter, TakenLetter, TakenLetters } from "@ledger-loader/core";
import { readGivenUpObject, type GivenUpObject } from "./given-up-object";
import type { ShardChannel } from "./shard-channel";

/** Which objects are taken. */
export interface S3LetterBoxOptions {
  readonly client: S3Client;
  readonly bucket: string;
  /** The beginning of their keys. */
  readonly prefix: string;
  readonly channel: ShardChannel;
  /** Letters taken together at most; they are held in memory. @defaultValue `10_000` */
  readonly lettersMax?: number;
}

const LETTERS_MAX = 10_000;

/** Where a letter is: the record of an object. */
interface Place {
  readonly key: string;
  readonly record: number;
}

/**
 * The bucket to which Lambda writes what it gives up of a stream or topic.
 *
 * An object is deleted once all of its records are done with. Before that it is written again with the records that stay.
 */
export class S3LetterBox implements LetterBox {
  readonly #options: S3LetterBoxOptions;
  #objects = new Map<string, GivenUpObject>();
  #places = new Map<string, Place>();

  constructor(options: S3LetterBoxOptions) {
    this.#options = options;
  }

  async take(): Promise<TakenLetters> {
    const { lettersMax = LETTERS_MAX } = this.#options;
    this.#objects = new Map();
    this.#places = new Map();
    const letters: TakenLetter[] = [];
    const keys = await this.#keys();
    let taken = 0;
    while (taken < keys.length && letters.length < lettersMax) {
      letters.push(...(await this.#open(keys[taken] ?? "")));
      taken++;
    }
    return { letters, complete: taken === keys.length };
  }

  async settle(letters: readonly SettledLetter[]): Promise<void> {
    const kept = new Set(letters.filter(({ keep }) => keep !== undefined).map(({ taken }) => taken.place));
    const settled = new Set(letters.map(({ taken }) => taken.place));
    for (const [key, object] of this.#objects) {
      const pending = this.#pendingOf(key, (place) => kept.has(place) || !settled.has(place));
      await this.#write(key, object, pending);
    }
    this.#objects = new Map();
  }

  /** The records of an object of which a letter stays. */
  #pendingOf(key: string, stays: (place: string) => boolean): ReadonlySet<number> {
    const places = [...this.#places].filter(([, place]) => place.key === key);
    return new Set(places.filter(([name]) => stays(name)).map(([, { record }]) => record));
  }

  async #write(key: string, object: GivenUpObject, pending: ReadonlySet<number>): Promise<void> {
    const { client, bucket: Bucket } = this.#options;
    if (pending.size === object.records.length) return;
    const { DeleteObjectCommand, PutObjectCommand } = await import("@aws-sdk/client-s3");
    if (pending.size === 0) {
      await client.send(new DeleteObjectCommand({ Bucket, Key: key }));
      return;
    }
    const done = new Set([...object.records.keys()].filter((record) => !pending.has(record)));
    await client.send(new PutObjectCommand({ Bucket, Key: key, Body: object.without(done) }));
  }

  /** In the order in which they were written, as far as the store tells. */
  async #keys(): Promise<readonly string[]> {
    const { client, bucket: Bucket, prefix: Prefix } = this.#options;
    const { paginateListObjectsV2 } = await import("@aws-sdk/client-s3");
    const found: { readonly key: string; readonly ms: number }[] = [];
    for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket, Prefix })) {
      for (const { Key, LastModified } of Contents) {
        if (Key !== undefined && !Key.endsWith("/"))
          found.push({ key: Key, ms: LastModified?.getTime() ?? 0 });
      }
    }
    return found.toSorted((a, b) => a.ms - b.ms).map(({ key }) => key);
  }

  async #open(key: string): Promise<readonly TakenLetter[]> {
    const { client, bucket: Bucket, channel } = this.#options;
    const { GetObjectCommand } = await import("@aws-sdk/client-s3");
    const { Body: body } = await client.send(new GetObjectCommand({ Bucket, Key: key }));
    const object = readGivenUpObject((await body?.transformToString("utf8")) ?? "", channel);
    if (object === undefined) return [{ place: key, problem: "Not an invocation that Lambda gave up." }];
    this.#objects.set(key, object);
    return object.records.flatMap((record, at) =>
      record.map((letter): TakenLetter => {
        const place = `${key} ${letter.origin}`;
        this.#places.set(place, { key, record: at });
        return { place, letter };
      }),
    );
  }
}
