// SPDX-License-Identifier: MIT
import type { LedgerStore } from "../ledger-store";
import {
  isRunning,
  parseKinesisArn,
  type JournalStream,
  type JournalStreamRequest,
} from "../streams/journal-stream";
import { streamArn, type JournalStreams } from "../streams/journal-streams";
import { AwsError, invalidParameter, unknownOperation } from "./aws-error";
import { parseBody, type JsonObject } from "./json";

type Answer = Record<string, unknown>;

/** A request to `/ledgers/NAME/journal-kinesis-streams[/STREAM-ID]`. */
export interface StreamsRequest {
  readonly method: string;
  readonly ledgerName: string;
  readonly streamId: string | undefined;
  readonly query: URLSearchParams;
  readonly body: Buffer;
}

/** Streams of a ledger that run at once (QLDB's default quota). */
const runningMax = 5;
/** Page size of the list where the client asks for none, and its upper bound (AWS SDK model). */
const listedMax = 100;
const streamNamePattern = /^(?!.*--)(?![0-9]+$)(?!-)(?!.*-$)[A-Za-z0-9-]{1,32}$/;

/** The operations of QLDB's control plane on journal streams; paths and members follow `@aws-sdk/client-qldb`. */
export async function handleStreams(
  store: LedgerStore,
  streams: JournalStreams,
  request: StreamsRequest,
): Promise<Answer> {
  const { ledgerName, method, streamId, query, body } = request;
  await store.open(ledgerName);
  switch (`${method}${streamId === undefined ? "" : " ID"}`) {
    case "POST":
      return startStream(streams, ledgerName, parseBody(body));
    case "GET":
      return listStreams(streams, ledgerName, query);
    case "GET ID":
      return { Stream: describe(findStream(streams, ledgerName, streamId ?? "")) };
    case "DELETE ID":
      return cancelStream(streams, findStream(streams, ledgerName, streamId ?? ""));
    default:
      throw unknownOperation();
  }
}

async function startStream(streams: JournalStreams, ledgerName: string, body: JsonObject): Promise<Answer> {
  const request = readRequest(body);
  const running = streams.list(ledgerName).filter(isRunning);
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
  const { streamId } = await streams.start(ledgerName, request);
  return { StreamId: streamId };
}

function listStreams(streams: JournalStreams, ledgerName: string, query: URLSearchParams): Answer {
  const wanted = query.get("max_results");
  const count = wanted === null ? listedMax : Number(wanted);
  if (!Number.isInteger(count) || count < 1 || count > listedMax) {
    throw invalidParameter("MaxResults", `Expected a number from 1 to ${listedMax}.`);
  }
  const all = streams.list(ledgerName);
  const after = query.get("next_token");
  const start = after === null ? 0 : all.findIndex(({ streamId }) => streamId === after) + 1;
  const page = all.slice(start, start + count);
  const isLast = start + page.length >= all.length;
  return { Streams: page.map(describe), ...(isLast ? {} : { NextToken: page.at(-1)?.streamId }) };
}

async function cancelStream(streams: JournalStreams, stream: JournalStream): Promise<Answer> {
  if (!isRunning(stream)) {
    const message = `Expected an active stream, found that it is ${stream.status}.`;
    throw new AwsError("ResourcePreconditionNotMetException", 412, message, resource(stream.streamId));
  }
  await streams.cancel(stream.streamId);
  return { StreamId: stream.streamId };
}

function findStream(streams: JournalStreams, ledgerName: string, streamId: string): JournalStream {
  const stream = streams.find(ledgerName, streamId);
  if (stream !== undefined) return stream;
  const message = `Expected a stream of the ledger ${ledgerName}, found none of this id.`;
  throw new AwsError("ResourceNotFoundException", 404, message, resource(streamId));
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
    Arn: streamArn(stream),
    KinesisConfiguration: { StreamArn: stream.kinesisArn, AggregationEnabled: stream.aggregationEnabled },
    Status: stream.status,
    ...(errorCause === undefined ? {} : { ErrorCause: errorCause }),
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
  const tags = body["Tags"] as Record<string, string> | undefined;
  return {
    streamName,
    roleArn: readText(body, "RoleArn"),
    inclusiveStartTime,
    ...(exclusiveEndTime === undefined ? {} : { exclusiveEndTime }),
    ...readKinesis(body),
    ...(tags === undefined ? {} : { tags }),
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

/** The SDK writes times as seconds since 1970, with a fraction. */
function readTime(body: JsonObject, name: string): number | undefined {
  const value = body[name] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value === "number" && Number.isFinite(value)) return Math.round(value * 1000);
  throw invalidParameter(name, "Expected a time in seconds since 1970.");
}
