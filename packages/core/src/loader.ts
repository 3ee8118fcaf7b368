// SPDX-License-Identifier: MIT
import type { Delivery } from "./delivery";
import type { LoadReport } from "./report";

/**
 * What a failed delivery means for its channel.
 *
 * - `continue`: deliveries are handed back one by one; others are not affected (SQS standard, SNS, EventBridge).
 * - `block-group`: after a failed delivery, the later ones of its group are handed back too (SQS FIFO).
 */
export type OnFailure = "continue" | "block-group";

/** How one batch is to be loaded. */
export interface LoadOptions {
  readonly onFailure: OnFailure;
}

/** Loads batches of deliveries into a ledger. */
export interface Loader {
  /**
   * Applies every event of the batch and reports every delivery with its outcomes.
   *
   * Bad events are outcomes, never exceptions.
   *
   * @throws LedgerUnavailableError when the ledger gave no answer: the whole batch must be redelivered.
   */
  load(deliveries: readonly Delivery[], options: LoadOptions): Promise<LoadReport>;
  /** Ends the ledger's sessions. The loader cannot be used afterwards. */
  close(): Promise<void>;
}
