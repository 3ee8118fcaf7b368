// SPDX-License-Identifier: MIT

/** The state of a stream; the words are QLDB's (`StreamStatus` of its API). */
export type StreamStatus = "ACTIVE" | "COMPLETED" | "CANCELED" | "FAILED" | "IMPAIRED";

/** Why a stream is impaired (`ErrorCause` of QLDB's API). */
export type StreamErrorCause = "KINESIS_STREAM_NOT_FOUND" | "IAM_PERMISSION_REVOKED";

/** How a stream was asked for. Times are in milliseconds since 1970. */
export interface JournalStreamRequest {
  readonly streamName: string;
  readonly roleArn: string;
  readonly inclusiveStartTime: number;
  readonly exclusiveEndTime?: number | undefined;
  /** The Kinesis data stream. */
  readonly kinesisArn: string;
  /** True if many records travel in one Kinesis record, by the Kinesis Producer Library's rules. */
  readonly aggregationEnabled: boolean;
}

/** A stream of a ledger's journal into a Kinesis data stream, as far as it has come. */
export interface JournalStream extends JournalStreamRequest {
  readonly streamId: string;
  readonly ledgerName: string;
  readonly creationTime: number;
  readonly status: StreamStatus;
  readonly errorCause?: StreamErrorCause | undefined;
  /** True if its `CREATED` record is in Kinesis. */
  readonly announced: boolean;
  /** The first block that may not be in Kinesis yet. */
  readonly next: number;
  /** The server that sends it, or did last. Absent in records of earlier versions. */
  readonly serverId?: string;
  /** When it came to an end. */
  readonly endTime?: number;
}

/** True if the stream will still send anything. */
export function isRunning({ status }: Pick<JournalStream, "status">): boolean {
  return status === "ACTIVE" || status === "IMPAIRED";
}

/** The parts of a Kinesis data stream's ARN that a client needs; `undefined` for another text. */
export function parseKinesisArn(arn: string): { readonly region: string; readonly name: string } | undefined {
  const match = /^arn:aws[a-z-]*:kinesis:([a-z0-9-]+):\d{12}:stream\/([\w.-]{1,128})$/.exec(arn);
  const [, region, name] = match ?? [];
  return region === undefined || name === undefined ? undefined : { region, name };
}
