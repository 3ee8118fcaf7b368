// SPDX-License-Identifier: MIT
import type { DynamoDbHandler } from "@ledger-loader/dynamodb";
import type { DynamoDBRecord } from "aws-lambda";
import { setTimeout as sleep } from "node:timers/promises";

/** How Lambda reads a shard. */
export interface ShardSetup {
  readonly handler: DynamoDbHandler;
  readonly batchSizeMax: number;
  /** Deliveries of a record at the head of a batch before it is set aside. */
  readonly deliveriesMax: number;
  readonly redeliveryDelaySeconds: number;
}

/**
 * A shard with Lambda's event source mapping at its end, as documented for `ReportBatchItemFailures` with
 * `MaximumRetryAttempts` and `BisectBatchOnFunctionError`: the next batch begins at the record that the function named, or
 * with the same one where it threw; a record that failed too often is set aside alone.
 */
export class TestShard {
  readonly #setup: ShardSetup;
  readonly #records: DynamoDBRecord[] = [];
  readonly #attempts = new Map<DynamoDBRecord, number>();
  #next = 0;
  /** What was set aside since it was last taken. */
  parked: DynamoDBRecord[] = [];

  constructor(setup: ShardSetup) {
    this.#setup = setup;
  }

  append(...records: readonly DynamoDBRecord[]): void {
    this.#records.push(...records);
  }

  async drain(): Promise<void> {
    const { batchSizeMax, deliveriesMax, redeliveryDelaySeconds } = this.#setup;
    while (this.#next < this.#records.length) {
      const batch = this.#records.slice(this.#next, this.#next + batchSizeMax);
      const done = await this.#invoke(batch);
      this.#next += done;
      const head = batch[done];
      if (head === undefined) continue;
      const attempts = (this.#attempts.get(head) ?? 0) + 1;
      this.#attempts.set(head, attempts);
      if (attempts >= deliveriesMax) {
        this.parked.push(head);
        this.#next++;
      } else {
        await sleep(redeliveryDelaySeconds * 1000);
      }
    }
  }

  /** Returns how many records of the batch are done with. */
  async #invoke(batch: readonly DynamoDBRecord[]): Promise<number> {
    try {
      const { batchItemFailures } = await this.#setup.handler({ Records: [...batch] });
      const failed = batchItemFailures[0]?.itemIdentifier;
      const place = batch.findIndex(({ dynamodb }) => dynamodb?.SequenceNumber === failed);
      return place === -1 ? batch.length : place;
    } catch {
      // Lambda delivers a batch again when the function throws, whatever it throws.
      return 0;
    }
  }
}
