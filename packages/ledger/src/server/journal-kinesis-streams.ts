// SPDX-License-Identifier: MIT
import { streamArn } from "../arn";
import type { LedgerStore } from "../ledger-store";
import {
  isRunning,
  parseKinesisArn,
  type JournalStream,
  type JournalStreamRequest,
} from "../streams/journal-stream";
import type { JournalStreams } from "../streams/journal-streams";
import { accessDenied, AwsError, invalidParameter } from "./aws-error";
import type { JsonObject } from "./json";
import { readTags } from "./tags";
import { newestFirst } from "./newest-first";
import { readTime } from "./read-time";
import { pageOf } from "./page-list";

type Answer = Record<string, unknown>;

/** Streams of a ledger that run at once (QLDB's default quota). */
const runningMax = 5;
const streamNamePattern = /^(?!.*--)(?![0-9]+$)(?!-)(?!.*-$)[A-Za-z0-9-]{1,32}$/;

/** The operations of QLDB's control plane on journal streams; members follow `@aws-sdk/client-qldb`. */
export class JournalStreamsApi {
  readonly #store: LedgerStore;
  readonly #streams: JournalStreams;

  constructor(store: LedgerStore, streams: JournalStreams) {
    this.#store = store;
    this.#streams = streams;
  }

  /** `StreamJournalToKinesis` */
  async start(ledgerName: string, body: JsonObject): Promise<Answer> {
    const ledger = await this.#store.open(ledgerName);
    const request = readRequest(body);
    if (!this.#streams.isTarget(request.kinesisArn)) {
      throw accessDenied(
        "Expected the ARN of a Kinesis data stream that the server may write to, found another. " +
          'Start the server with "ledger serve --allow-stream ARN" to allow the stream.',
      );
    }
    const tags = readTags(body);
    const running = (await this.#streams.list(ledgerName)).filter(isRunning);
    if (running.some(({ streamName }) => streamName === request.streamName)) {
      throw invalidParameter(
        "StreamName",
        "Expected a name that no active stream of the ledger has, found one in use.",
      );
    }
    if (running.length >= runningMax) {
      const message = `Expected at most ${runningMax} active streams of a ledger: cancel one first.`;
      throw new AwsError("LimitExceededException", 400, message, { ResourceType: "Stream" });
    }
    const { streamId } = await this.#streams.start(ledgerName, request);
    await ledger.writeTags(`stream/${streamId}`, tags);
    return { StreamId: streamId };
  }

  /** `ListJournalKinesisStreamsForLedger` */
  async list(ledgerName: string, query: URLSearchParams): Promise<Answer> {
    await this.#store.open(ledgerName);
    const { items, ...next } = pageOf(
      {
        name: `streams of ${ledgerName}`,
        items: await this.#streams.list(ledgerName),
        ...newestFirst<JournalStream>(({ streamId }) => streamId),
      },
      query,
    );
    return { Streams: items.map(describe), ...next };
  }

  /** `DescribeJournalKinesisStream` */
  async describe(ledgerName: string, streamId: string): Promise<Answer> {
    return { Stream: describe(await this.#find(ledgerName, streamId)) };
  }

  /** `CancelJournalKinesisStream` */
  async cancel(ledgerName: string, streamId: string): Promise<Answer> {
    const stream = await this.#find(ledgerName, streamId);
    if (!isRunning(stream)) {
      const message = `Expected an active stream, found that it is ${stream.status}.`;
      throw new AwsError("ResourcePreconditionNotMetException", 412, message, resource(stream.streamId));
    }
    await this.#streams.cancel(stream);
    return { StreamId: stream.streamId };
  }

  async #find(ledgerName: string, streamId: string): Promise<JournalStream> {
    await this.#store.open(ledgerName);
    const stream = await this.#streams.find(ledgerName, streamId);
    if (stream !== undefined) return stream;
    const message = `Expected a stream of the ledger ${ledgerName}, found none of this id.`;
    throw new AwsError("ResourceNotFoundException", 404, message, resource(streamId));
  }
}

function resource(streamId: string): Record<string, string> {
  return { ResourceType: "Stream", ResourceName: streamId };
}

function describe(stream: JournalStream): Answer {
  const { exclusiveEndTime, errorCause } = stream;
  return {
    LedgerName: stream.ledgerName,
    CreationTime: stream.creationTime / 1000,
    InclusiveStartTime: stream.inclusiveStartTime / 1000,
    ...(exclusiveEndTime === undefined ? {} : { ExclusiveEndTime: exclusiveEndTime / 1000 }),
    RoleArn: stream.roleArn,
    StreamId: stream.streamId,
    Arn: streamArn(stream.ledgerName, stream.streamId),
    KinesisConfiguration: { StreamArn: stream.kinesisArn, AggregationEnabled: stream.aggregationEnabled },
    Status: stream.status,
    ErrorCause: errorCause,
    StreamName: stream.streamName,
  };
}

function readRequest(body: JsonObject): JournalStreamRequest {
  const streamName = readText(body, "StreamName");
  if (!streamNamePattern.test(streamName)) {
    throw invalidParameter("StreamName", "Expected 1 to 32 letters, digits and single hyphens.");
  }
  const inclusiveStartTime = readTime(body, "InclusiveStartTime");
  if (inclusiveStartTime === undefined)
    throw invalidParameter("InclusiveStartTime", "Expected a time, found none.");
  if (inclusiveStartTime > Date.now()) {
    throw invalidParameter("InclusiveStartTime", "Expected a time that is not in the future.");
  }
  const exclusiveEndTime = readTime(body, "ExclusiveEndTime");
  if (exclusiveEndTime !== undefined && exclusiveEndTime <= inclusiveStartTime) {
    throw invalidParameter("ExclusiveEndTime", "Expected a time after InclusiveStartTime.");
  }
  return {
    streamName,
    roleArn: readText(body, "RoleArn"),
    inclusiveStartTime,
    exclusiveEndTime,
    ...readKinesis(body),
  };
}

function readKinesis(body: JsonObject): Pick<JournalStreamRequest, "kinesisArn" | "aggregationEnabled"> {
  const configuration = (body["KinesisConfiguration"] ?? {}) as JsonObject;
  const kinesisArn = configuration["StreamArn"];
  if (typeof kinesisArn !== "string" || parseKinesisArn(kinesisArn) === undefined) {
    throw invalidParameter("KinesisConfiguration", "Expected StreamArn to be a Kinesis data stream's ARN.");
  }
  return { kinesisArn, aggregationEnabled: configuration["AggregationEnabled"] !== false };
}

function readText(body: JsonObject, name: string): string {
  const value = body[name];
  if (typeof value === "string" && value !== "") return value;
  throw invalidParameter(name, "Expected a string, found none.");
}
