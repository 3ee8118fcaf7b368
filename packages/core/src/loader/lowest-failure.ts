// SPDX-License-Identifier: MIT
import type { LoadReport } from "./report";

/** The answer of a Lambda function to a batch of a shard; the responses of `@types/aws-lambda` for streams take it. */
export interface ShardBatchResponse {
  batchItemFailures: { itemIdentifier: string }[];
}

/**
 * Names the first delivery that must come again: of a shard, Lambda then delivers that one and all after it, and looks at no
 * other. A report keeps the order of its batch and a batch that of its shard, so the first is the lowest.
 */
export function lowestFailure({ failed: [first] }: Pick<LoadReport, "failed">): ShardBatchResponse {
  return { batchItemFailures: first === undefined ? [] : [{ itemIdentifier: first.deliveryId }] };
}
