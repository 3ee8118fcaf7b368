// SPDX-License-Identifier: MIT
import { randomBytes } from "node:crypto";
import { type BlockHeader, readBlockHeader } from "../read/block-header";
import { formatDataObjectName } from "../read/data-object-name";
import { ExportFolder } from "./export-folder";
import type { ExportTarget, PartialFile } from "./export-target";
import { ExportWriteError } from "../export-errors";
import { binaryToText } from "@ledger-loader/ion";
import {
  encodeCompletedManifest,
  encodeStartedManifest,
  type ExportFormat,
  type ExportRequest,
} from "../read/manifest-content";

/** Where and how an export is written. */
export interface ExportWriterOptions {
  /** Folder that stands for the bucket, created if it is not there; in its place a bucket, see `createBucketTarget`. */
  readonly folder: string | ExportTarget;
  /**
   * Put before every key as it is, as QLDB did: without a trailing `/` it is glued to the names.
   * @defaultValue `""`
   */
  readonly prefix?: string | undefined;
  readonly ledgerName: string;
  /** Every block MUST be of this strand. */
  readonly strandId: string;
  readonly format: ExportFormat;
  /** @defaultValue 22 random letters and digits, like QLDB's */
  readonly exportId?: string;
  /** Named in the started manifest only. @defaultValue `"local"` */
  readonly bucket?: string;
  /** Named in the started manifest only. @defaultValue `"NO_ENCRYPTION"` */
  readonly objectEncryptionType?: ExportRequest["objectEncryptionType"];
  /** Named in the started manifest only. @defaultValue the first block's time */
  readonly inclusiveStartTime?: Date | undefined;
  /** Named in the started manifest only. @defaultValue the time at which writing began */
  readonly exclusiveEndTime?: Date | undefined;
  /**
   * A data object takes no block that would make it longer than this, in bytes, unless the block is its first.
   * Small objects cost a reader more requests, large ones let it skip less and share less work among threads. On its way to a
   * bucket an object is in memory.
   * @defaultValue 16777216 (16 MiB)
   */
  readonly maxObjectBytes?: number;
}

/** The result of a write. */
export interface WrittenExport {
  readonly exportId: string;
  /** Path or URL of the completed manifest: what `openExport` takes. */
  readonly manifestPath: string;
  /** Keys of the data objects, in order. */
  readonly keys: readonly string[];
  readonly blocks: number;
  /** Bytes of the data objects. */
  readonly bytes: number;
}

interface OpenObject {
  readonly file: PartialFile;
  readonly first: number;
  readonly time: Date;
  last: number;
}

const MAX_OBJECT_BYTES = 16 * 1024 * 1024;
const ID_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const HOUR_MS = 3_600_000;

/**
 * Writes a journal export as QLDB did: two manifests, and data objects in folders by the hour of their blocks.
 *
 * The completed manifest appears only after every data object is complete and synced to disk: whoever sees it
 * has a whole export. `append` blocks in order, then `complete` once; after an error call `abort`, which
 * removes what was written.
 */
export class ExportWriter {
  readonly #options: ExportWriterOptions;
  readonly #target: ExportTarget;
  readonly #prefix: string;
  readonly #exportId: string;
  readonly #began: Date = new Date();
  readonly #keys: string[] = [];
  #object: OpenObject | undefined;
  #nextSequenceNo: number | undefined;
  #started = false;
  #blocks = 0;
  #bytes = 0;

  constructor(options: ExportWriterOptions) {
    this.#options = options;
    this.#target = typeof options.folder === "string" ? new ExportFolder(options.folder) : options.folder;
    this.#prefix = options.prefix ?? "";
    this.#exportId = options.exportId ?? makeExportId();
    checkName("exportId", this.#exportId, /^\w+$/);
    checkName("strandId", options.strandId, /^\w+$/);
    // Keys are split at slashes to make paths: a prefix must not lead out of the folder.
    checkName("prefix", this.#prefix, /^(?!\/)(?!(.*\/)?\.\.?(\/|$))[^\0]*$/);
  }

  /** Appends the next block: one value of self-contained Ion binary. Throws `ExportWriteError` if it is not the next. */
  async append(ion: Uint8Array): Promise<void> {
    const header = readBlockHeader(ion);
    this.#checkNext(header);
    const { sequenceNo, time } = header;
    const bytes = this.#options.format === "ion-text" ? binaryToText(ion) : ion;
    if (!this.#started) await this.#writeStartedManifest(time);
    if (this.#object && !this.#fits(this.#object, time, bytes.length)) await this.#finishObject();
    this.#object ??= await this.#beginObject(sequenceNo, time);
    await this.#object.file.write(bytes);
    this.#object.last = sequenceNo;
    this.#nextSequenceNo = sequenceNo + 1;
    this.#blocks++;
    this.#bytes += bytes.length;
  }

  /** Finishes the last data object and, after everything is synced, writes the completed manifest. */
  async complete(): Promise<WrittenExport> {
    if (!this.#started) await this.#writeStartedManifest(this.#began);
    await this.#finishObject();
    await this.#target.sync();
    const { strandId, format } = this.#options;
    const key = `${this.#prefix}${this.#exportId}.${strandId}.completed.manifest`;
    await this.#writeFile(key, encodeCompletedManifest(this.#keys, format));
    await this.#target.sync();
    return {
      exportId: this.#exportId,
      manifestPath: this.#target.locationOf(key),
      keys: this.#keys,
      blocks: this.#blocks,
      bytes: this.#bytes,
    };
  }

  /** Removes everything that this writer wrote. */
  async abort(): Promise<void> {
    await this.#object?.file.discard();
    this.#object = undefined;
    await this.#target.takeBack();
  }

  get #maxObjectBytes(): number {
    return this.#options.maxObjectBytes ?? MAX_OBJECT_BYTES;
  }

  #checkNext({ strandId, sequenceNo }: BlockHeader): void {
    const expected = this.#nextSequenceNo ?? sequenceNo;
    if (strandId === this.#options.strandId && sequenceNo === expected) return;
    throw new ExportWriteError(
      `Expected block ${expected} of strand ${this.#options.strandId}, found block ${sequenceNo} of ${strandId}. ` +
        "Append every block once, in order.",
    );
  }

  #fits({ file, time }: OpenObject, nextTime: Date, size: number): boolean {
    const sameHour = Math.floor(time.getTime() / HOUR_MS) === Math.floor(nextTime.getTime() / HOUR_MS);
    return sameHour && file.size + size <= this.#maxObjectBytes;
  }

  async #beginObject(first: number, time: Date): Promise<OpenObject> {
    const name = formatDataObjectName(this.#prefix, time, this.#options.strandId, { first, last: first });
    const folderKey = name.slice(0, name.lastIndexOf("/") + 1);
    return {
      file: await this.#target.begin(folderKey, `${this.#exportId}.${first}`),
      first,
      time,
      last: first,
    };
  }

  async #finishObject(): Promise<void> {
    if (!this.#object) return;
    const { file, first, last, time } = this.#object;
    const key = formatDataObjectName(this.#prefix, time, this.#options.strandId, { first, last });
    await this.#target.finish(file, key);
    this.#object = undefined;
    this.#keys.push(key);
  }

  async #writeStartedManifest(firstTime: Date): Promise<void> {
    const { ledgerName, bucket = "local", format, inclusiveStartTime = firstTime } = this.#options;
    const request: ExportRequest = {
      ledgerName,
      exportId: this.#exportId,
      inclusiveStartTime,
      exclusiveEndTime: this.#options.exclusiveEndTime ?? this.#began,
      bucket,
      prefix: this.#prefix,
      objectEncryptionType: this.#options.objectEncryptionType,
    };
    const key = `${this.#prefix}${this.#exportId}.started.manifest`;
    await this.#writeFile(key, encodeStartedManifest(request, format));
    this.#started = true;
  }

  async #writeFile(key: string, content: Uint8Array): Promise<void> {
    const slash = key.lastIndexOf("/") + 1;
    const file = await this.#target.begin(key.slice(0, slash), key.slice(slash));
    await file.write(content);
    await this.#target.finish(file, key);
  }
}

/** Writes all of `blocks` with an {@link ExportWriter}; leaves nothing behind if that fails. */
export async function writeExport(
  options: ExportWriterOptions & { readonly blocks: AsyncIterable<Uint8Array> | Iterable<Uint8Array> },
): Promise<WrittenExport> {
  const writer = new ExportWriter(options);
  try {
    for await (const block of options.blocks) await writer.append(block);
    return await writer.complete();
  } catch (error) {
    await writer.abort();
    throw error;
  }
}

function checkName(name: string, value: string, pattern: RegExp): void {
  if (pattern.test(value)) return;
  throw new ExportWriteError(
    `Expected ${name} to match ${String(pattern)}, found ${JSON.stringify(value)}. Choose another.`,
  );
}

function makeExportId(): string {
  return Array.from(randomBytes(22), (byte) => ID_ALPHABET[byte % ID_ALPHABET.length]).join("");
}
