// SPDX-License-Identifier: MIT
import { type Block, encodeBlock } from "@ledger-loader/journal";
import type { GivenId, LedgerStorage } from "../storage/storage";
import { JournalReplay } from "../verification/journal-replay";

/** Blocks and bytes that are stored in one go: each time the disk is waited for. */
const GROUP_BLOCKS = 1024;
const GROUP_BYTES = 8 * 1024 * 1024;

/** Appends blocks to a storage with all that is derived from them, many in one go. */
export class BlockAppender {
  readonly replay: JournalReplay;
  readonly #storage: LedgerStorage;
  #group: { readonly block: Block; readonly ion: Uint8Array }[] = [];
  #bytes = 0;

  constructor(storage: LedgerStorage, givenIds: readonly GivenId[]) {
    this.#storage = storage;
    this.replay = new JournalReplay(storage, givenIds);
  }

  /** Takes the next block, which MUST have been verified. {@link flush} stores the last ones. */
  async add(block: Block, ion: Uint8Array = encodeBlock(block)): Promise<void> {
    this.#group.push({ block, ion });
    this.#bytes += ion.length;
    if (this.#group.length >= GROUP_BLOCKS || this.#bytes >= GROUP_BYTES) await this.flush();
  }

  /** Stores the blocks that were taken. */
  async flush(): Promise<void> {
    const group = this.#group;
    this.#group = [];
    this.#bytes = 0;
    if (group.length === 0) return;
    await this.#storage.lockHead(async (lock) => {
      for (const { block, ion } of group) await this.replay.append(lock, block, ion);
    });
  }
}
