// SPDX-License-Identifier: MIT
import { LedgerLoaderError } from "@ledger-loader/errors";

/** A stream that does not tell what is needed. Only a new stream has another view type. */
export class StreamViewTypeError extends LedgerLoaderError {
  readonly code = "DYNAMODB_STREAM_VIEW_TYPE";

  constructor(streamArn: string, expected: string, found: string, reason: string) {
    super(
      `Expected ${streamArn} to have the view type ${expected}, found ${found}: ${reason}. ` +
        `Switch the table's stream off and on again with that type, and name the new stream's ARN.`,
    );
  }
}

/** Changes that DynamoDB no longer has: they were not read within 24 hours. */
export class StreamTrimmedError extends LedgerLoaderError {
  readonly code = "DYNAMODB_STREAM_TRIMMED";
  readonly shardId: string;

  constructor(shardId: string, checkpoint: string | undefined, cause?: unknown) {
    super(
      `Expected shard ${shardId} to go on after ${checkpoint ?? "its start"}, found that DynamoDB has removed what came ` +
        `then (after 24 hours): changes may be lost. Load the table anew, or go on with onTrimmed: "continue".`,
      { cause },
    );
    this.shardId = shardId;
  }
}

/** The table of leases and checkpoints cannot be used: no right to, not such a table, or no answer; the last is retryable. */
export class CheckpointTableError extends LedgerLoaderError {
  readonly code = "DYNAMODB_CHECKPOINT_TABLE";
  readonly tableName: string;

  constructor(tableName: string, cause: unknown, retryable: boolean) {
    const found = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    super(
      `Expected to keep checkpoints in the DynamoDB table ${tableName}, found ${found}. Check its name and region, the AWS ` +
        "credentials and their rights, and that its key is `reader` and `shardId`, both strings.",
      { cause, retryable },
    );
    this.tableName = tableName;
  }
}
