// SPDX-License-Identifier: MIT
import type { ServiceClient } from "../service-client";
import { ExportPlaces } from "../exports/export-places";
import { JournalExports, type JournalExportsOptions } from "../exports/journal-exports";
import type { LedgerStore, LedgerStoreOptions } from "../ledger-store";
import type { JournalStream } from "../streams/journal-stream";
import { JournalStreams } from "../streams/journal-streams";
import { allowStreamTargets } from "../streams/stream-targets";
import type { SessionForwarder } from "./peers/session-forwarder";
import { requireClient } from "../require-client";

/** Where journals may go. */
export interface JournalServiceOptions {
  /**
   * ARNs of the Kinesis data streams into which journals may be streamed. `*` stands for any characters of one part of the
   * ARN, `?` for one character. Default: none.
   */
  readonly allowedStreams?: readonly string[];
  /**
   * Names of the buckets in S3 to which ExportJournalToS3 exports. `*` stands for any characters, `?` for one. Default: none.
   */
  readonly allowedBuckets?: readonly string[];
  /** Makes the client with which exports reach S3; the server ends it. Default: the AWS SDK's own settings. */
  readonly s3Client?: () => Promise<ServiceClient>;
  /**
   * The folder to which ExportJournalToS3 exports where a bucket is not among `allowedBuckets`: each bucket is a folder in it.
   * Default: none, and the operation is refused.
   */
  readonly exportFolder?: string | undefined;
  /** Makes the client with which journal streams reach a region's Kinesis. Default: the AWS SDK's own settings. */
  readonly kinesisClient?: (region: string) => ServiceClient;
}

type Options = JournalServiceOptions & Pick<LedgerStoreOptions, "clock" | "dataFolder" | "onWarning">;

/** Opens the streams of a server. */
export function openStreams(
  store: LedgerStore,
  forwarder: SessionForwarder,
  options: Options,
): Promise<JournalStreams> {
  const { clock = Date.now, allowedStreams = [], kinesisClient } = options;
  if (allowedStreams.length > 0 && kinesisClient === undefined) requireClient("@aws-sdk/client-kinesis");
  return JournalStreams.open({
    store,
    clock,
    isTarget: allowStreamTargets(allowedStreams),
    ...serversOf(forwarder, options),
    kinesisClient,
  });
}

/** Which servers there are. No other one uses a data folder. */
function serversOf(
  forwarder: SessionForwarder,
  { dataFolder }: Options,
): Pick<JournalExportsOptions, "serverId" | "hasEnded"> {
  return {
    serverId: forwarder.serverId,
    hasEnded: async (serverId) => dataFolder !== undefined || forwarder.hasEnded(serverId),
  };
}

/** A warning for the operator about a stream that waits. */
export function describeSuspended({ ledgerName, streamName, kinesisArn }: JournalStream): string {
  return (
    `The journal stream ${streamName} of the ledger ${ledgerName} waits: its data stream is not allowed. ` +
    `Pass "--allow-stream ${kinesisArn}" to continue the stream, or cancel it.`
  );
}

/** Opens the exports of a server. */
export function openExports(
  store: LedgerStore,
  forwarder: SessionForwarder,
  options: Options,
): Promise<JournalExports> {
  const { exportFolder: folder, allowedBuckets: buckets = [], s3Client } = options;
  if (buckets.length > 0 && s3Client === undefined) requireClient("@aws-sdk/client-s3");
  return JournalExports.open({
    store,
    places: new ExportPlaces({ folder, buckets, s3Client }),
    clock: options.clock ?? Date.now,
    ...serversOf(forwarder, options),
    onWarning: options.onWarning,
  });
}
