// SPDX-License-Identifier: MIT
import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { TipUnreadableError } from "../../errors";
import { syncPathNow } from "../durable-files";
import { toFileError } from "../file-error";
import type { AcknowledgedTip } from "../storage";
import { CREATING_SUFFIX } from "./ledger-file";
import { decodeTipSlot, encodeTipSlot, SLOT_BYTES } from "./tip-slot";

const syncData = promisify(fdatasync);

/**
 * Records on the disk how far commits were acknowledged, apart from SQLite's file and log.
 *
 * The file has two slots that are written in turn. A write that a crash cuts off damages only the slot of a commit that
 * no one was told of. The file is made with the first record.
 */
export class TipFile {
  readonly path: string;
  #tip: AcknowledgedTip | undefined;
  /** The slot that the next record overwrites: never the one that holds the current record. */
  #nextSlot: number;
  #descriptor: number | undefined;

  private constructor(path: string, slots: readonly (AcknowledgedTip | undefined)[]) {
    const [first, second] = slots;
    const isFirstNewer = (first?.sequenceNo ?? -1) >= (second?.sequenceNo ?? -1);
    this.path = path;
    this.#tip = isFirstNewer ? first : second;
    this.#nextSlot = isFirstNewer ? 1 : 0;
  }

  /**
   * Reads the record, and changes nothing.
   *
   * @throws TipUnreadableError if both slots are damaged.
   * @throws StoreAccessError if the disk or the rights of this process do not allow it.
   */
  static open(path: string): TipFile {
    const bytes = readIfPresent(path);
    if (bytes === undefined) return new TipFile(path, []);
    const slots = [0, SLOT_BYTES].map((at) => decodeTipSlot(bytes.subarray(at, at + SLOT_BYTES)));
    if (slots.every((slot) => slot === undefined)) throw new TipUnreadableError(path);
    return new TipFile(path, slots);
  }

  /** The newest block whose commit may have been acknowledged; `undefined` before the first record. */
  get tip(): AcknowledgedTip | undefined {
    return this.#tip;
  }

  /**
   * Records a block. When the promise resolves, the record survives a crash of the machine; others have their turn meanwhile. Calls
   * MUST NOT overlap.
   *
   * @throws StoreAccessError if the disk refuses; then the record before stands, and this MAY be called again.
   */
  async record({ sequenceNo, blockHash, blockTime }: AcknowledgedTip): Promise<void> {
    const tip = { sequenceNo, blockHash, blockTime };
    try {
      if (this.#tip === undefined) this.#create(encodeTipSlot(tip));
      else await this.#overwrite(encodeTipSlot(tip));
    } catch (error) {
      throw toFileError(error, this.path);
    }
    this.#tip = tip;
  }

  /** Forgets the record, and begins again at a block, if there is one. */
  async restart(tip: AcknowledgedTip | undefined): Promise<TipFile> {
    this.close();
    const file = new TipFile(this.path, []);
    if (tip === undefined) rmSync(this.path, { force: true });
    else await file.record(tip);
    return file;
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  /** Both slots get the first record, so that a damaged slot never takes the only one. */
  #create(slot: Buffer): void {
    const unfinished = this.path + CREATING_SUFFIX;
    const descriptor = openSync(unfinished, "w", 0o600);
    try {
      writeFully(descriptor, Buffer.concat([slot, slot]), 0);
      fdatasyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(unfinished, this.path);
    syncPathNow(dirname(this.path));
  }

  async #overwrite(slot: Buffer): Promise<void> {
    this.#descriptor ??= openSync(this.path, "r+");
    writeFully(this.#descriptor, slot, this.#nextSlot * SLOT_BYTES);
    await syncData(this.#descriptor);
    this.#nextSlot = 1 - this.#nextSlot;
  }
}

function readIfPresent(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw toFileError(error, path);
  }
}

/** The system may write less than it was given, as before a limit. */
function writeFully(descriptor: number, bytes: Buffer, position: number): void {
  for (let written = 0; written < bytes.length;) {
    written += writeSync(descriptor, bytes, written, bytes.length - written, position + written);
  }
}
