// SPDX-License-Identifier: MIT
import { ReceiptsUnwrittenError } from "../errors";
import { withFileLock } from "../files/file-lock";
import { appendDurably } from "../parking/file-dead-letter-sink";
import type { LoadReceipt, ReceiptSink } from "./load-receipt";

/**
 * Keeps receipts in a file, one line of JSON each; the file is readable by its owner only. Receipts are on disk (fsync) when `write`
 * returns. Several processes may write into one file.
 */
export class FileReceiptSink implements ReceiptSink {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** @throws ReceiptsUnwrittenError if the file cannot be written. */
  async write(receipts: readonly LoadReceipt[]): Promise<void> {
    const lines = receipts.map((receipt) => `${JSON.stringify(receipt)}\n`).join("");
    try {
      await withFileLock(this.#path, () => appendDurably(this.#path, lines));
    } catch (cause) {
      throw new ReceiptsUnwrittenError(this.#path, cause);
    }
  }
}
