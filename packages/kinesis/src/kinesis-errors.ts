// SPDX-License-Identifier: MIT
import { LedgerLoaderError } from "@ledger-loader/errors";

/** Kinesis did not take records within the configured number of calls, for reasons that may pass. */
export class StreamUnavailableError extends LedgerLoaderError {
  readonly code = "KINESIS_STREAM_UNAVAILABLE";
}

/** An answer that Kinesis does not give, such as a stream without shards: another service answers at its address. */
export class StreamAnswerError extends LedgerLoaderError {
  readonly code = "KINESIS_STREAM_ANSWER";

  constructor(streamName: string, found: string) {
    super(
      `Expected Kinesis to list one shard or more of the stream ${streamName}, found ${found}. ` +
        `Check the endpoint, such as AWS_ENDPOINT_URL_KINESIS: another service may answer there.`,
    );
  }
}
