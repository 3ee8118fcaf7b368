// SPDX-License-Identifier: MIT
import { setTimeout as sleep } from "node:timers/promises";
import type { KinesisClient } from "@aws-sdk/client-kinesis";
import type { UserRecord } from "@ledger-loader/kpl";
import type { Clock } from "../clock";
import type { EmbeddedLedger } from "../embedded-ledger";
import { StoreAccessError } from "../errors";
import { DatabaseAccessError, DatabaseUnreachableError } from "../storage/postgres/database-errors";
import { blockTime } from "../find-first-block";
import {
  isRunning,
  parseKinesisArn,
  type JournalStream,
  type StreamErrorCause,
  type StreamStatus,
} from "./journal-stream";
import { KinesisWriter, RecordsRefused } from "./kinesis-writer";
import { blockRecords, controlRecord } from "./stream-records";

/** The parts that a runner works with. */
export interface StreamRunnerOptions {
  readonly ledger: EmbeddedLedger;
  readonly client: KinesisClient;
  readonly streamArn: string;
  readonly clock: Clock;
  /** How long to wait for new blocks, in milliseconds. */
  readonly pollMs: number;
  /** Keeps the stream as it is now; durable when the promise resolves. @returns false if it is another server's meanwhile */
  readonly save: (from: JournalStream, to: JournalStream) => Promise<boolean>;
  /** True if the stream is still this server's, and was not canceled by another one. */
  readonly holds: (stream: JournalStream) => Promise<boolean>;
}

/** The stream is sent by another server, or was canceled there: this one has nothing to do with it any more. */
class StreamLostError extends Error {}

/** The number of blocks that are sent, and then noted as sent, together. */
const chunkBlocks = 100;
const chunkBytes = 2 * 1_048_576;
const retryDelayMs = 100;
const retryDelayMaxMs = 30_000;

/**
 * Sends a ledger's blocks into a Kinesis data stream as they are committed, from the stream's position on.
 *
 * Another server may cancel the stream, or take it over when this one was not heard of: that is looked for before anything is sent.
 *
 * The position is noted after the records are in Kinesis, so that after a crash some are sent again and none is left
 * out. When Kinesis does not take records, the runner tries again with growing pauses; for a reason that somebody must
 * remove the stream is `IMPAIRED` meanwhile, and `ACTIVE` once it works. What can never be sent ends it as `FAILED`.
 */
export class StreamRunner {
  readonly #options: StreamRunnerOptions;
  readonly #writer: KinesisWriter;
  readonly #stop = new AbortController();
  #stream: JournalStream;
  #finished: Promise<void> | undefined;

  constructor(stream: JournalStream, options: StreamRunnerOptions) {
    this.#stream = stream;
    this.#options = options;
    const name = parseKinesisArn(stream.kinesisArn)?.name ?? "";
    this.#writer = new KinesisWriter(options.client, name, stream.aggregationEnabled);
  }

  get stream(): JournalStream {
    return this.#stream;
  }

  start(): void {
    this.#finished ??= this.#run();
  }

  /** Ends after what is under way; the stream itself stays as it is and can be run again. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#finished;
  }

  /** Ends the stream for good; no record says so in Kinesis. */
  async cancel(): Promise<void> {
    await this.stop();
    if (isRunning(this.#stream)) await this.#end("CANCELED").catch(ignoreLost);
  }

  async #run(): Promise<void> {
    try {
      for (let attempt = 0; isRunning(this.#stream) && !this.#stop.signal.aborted;) {
        attempt = await this.#attempt(attempt);
      }
    } catch (error) {
      if (error instanceof StreamLostError) return;
      // The journal cannot be read, a record fits nowhere, or the position cannot be kept: whoever looks at the stream
      // sees FAILED. A ledger that was closed under the runner is none of these; it goes on when it is opened again.
      if (!this.#options.ledger.isClosed) await this.#end("FAILED").catch(() => undefined);
    }
  }

  /** Returns how many attempts have failed in a row. */
  async #attempt(failed: number): Promise<number> {
    try {
      const isIdle = await this.#sendNext();
      if (this.#stream.status === "IMPAIRED") await this.#recover();
      if (isIdle) await this.#pause(this.#options.pollMs);
      return 0;
    } catch (error) {
      if (!isOfKinesis(error) && !isOfDatabase(error)) throw error;
      const errorCause = isOfKinesis(error) ? causeOf(error) : undefined;
      if (errorCause !== undefined && this.#stream.errorCause !== errorCause) {
        await this.#save({ ...this.#stream, status: "IMPAIRED", errorCause });
      }
      await this.#pause(Math.min(retryDelayMaxMs, retryDelayMs * 2 ** failed));
      return failed + 1;
    }
  }

  async #recover(): Promise<void> {
    const { errorCause: _removed, ...stream } = this.#stream;
    await this.#save({ ...stream, status: "ACTIVE" });
  }

  /** Sends what comes next; returns whether there was nothing to send. */
  async #sendNext(): Promise<boolean> {
    const { streamArn, clock } = this.#options;
    const { announced, streamId, exclusiveEndTime = Infinity } = this.#stream;
    if (!announced) {
      await this.#requireHeld();
      await this.#writer.write([controlRecord(streamArn, "CREATED", streamId)]);
      await this.#save({ ...this.#stream, announced: true });
    }
    // Asked before the journal is: a block that is committed later than this has a later time.
    const now = clock();
    const { records, next, isAtEnd } = await this.#readChunk();
    if (records.length > 0) {
      await this.#requireHeld();
      await this.#writer.write(records);
      await this.#save({ ...this.#stream, next });
      if (!isAtEnd) return false;
    }
    if (!isAtEnd && now < exclusiveEndTime) return true;
    await this.#requireHeld();
    await this.#writer.write([controlRecord(streamArn, "COMPLETED", streamId)]);
    await this.#end("COMPLETED");
    return false;
  }

  /** The records of the next blocks, and whether the stream's end time lies before the block after them. */
  async #readChunk(): Promise<{ records: UserRecord[]; next: number; isAtEnd: boolean }> {
    const { ledger, streamArn } = this.#options;
    const { next: first, exclusiveEndTime = Infinity } = this.#stream;
    const records: UserRecord[] = [];
    let next = first;
    let bytes = 0;
    for await (const { ion, sequenceNo } of ledger.blocks({ first, last: first + chunkBlocks - 1 })) {
      if (blockTime(ion) >= exclusiveEndTime) return { records, next, isAtEnd: true };
      records.push(...blockRecords(streamArn, ion));
      next = sequenceNo + 1;
      bytes += ion.length;
      if (bytes > chunkBytes) break;
    }
    return { records, next, isAtEnd: false };
  }

  #end(status: StreamStatus): Promise<void> {
    const { errorCause: _removed, ...stream } = this.#stream;
    return this.#save({ ...stream, status, endTime: this.#options.clock() });
  }

  async #save(stream: JournalStream): Promise<void> {
    if (!(await this.#options.save(this.#stream, stream))) throw new StreamLostError();
    this.#stream = stream;
  }

  async #requireHeld(): Promise<void> {
    if (!(await this.#options.holds(this.#stream))) throw new StreamLostError();
  }

  async #pause(milliseconds: number): Promise<void> {
    await sleep(milliseconds, undefined, { signal: this.#stop.signal, ref: false }).catch(() => undefined);
  }
}

function ignoreLost(error: unknown): void {
  if (!(error instanceof StreamLostError)) throw error;
}

/** True if the database is away, or does not let the server in: the stream goes on when it does. */
function isOfDatabase(error: unknown): boolean {
  return (
    error instanceof DatabaseUnreachableError ||
    error instanceof DatabaseAccessError ||
    error instanceof StoreAccessError
  );
}

/** True if Kinesis, or the way to it, is what failed. */
function isOfKinesis(error: unknown): error is Error {
  if (error instanceof RecordsRefused) return true;
  if (!(error instanceof Error)) return false;
  return (
    error.name === "TimeoutError" || isOfCredentials(error) || "$metadata" in error || isOfNetwork(error)
  );
}

function causeOf(error: Error): StreamErrorCause | undefined {
  if (error.name === "ResourceNotFoundException") return "KINESIS_STREAM_NOT_FOUND";
  return isOfCredentials(error) ? "IAM_PERMISSION_REVOKED" : undefined;
}

function isOfCredentials({ name }: Error): boolean {
  return /AccessDenied|CredentialsProvider|UnrecognizedClient|InvalidSignature|ExpiredToken|MissingAuthentication/.test(
    name,
  );
}

function isOfNetwork(error: Error): boolean {
  const code = "code" in error ? String(error.code) : "";
  return /^(?:E(?:AI_AGAIN|CONN\w+|HOST\w+|NET\w+|NOTFOUND|PIPE|TIMEDOUT)|ERR_HTTP2_\w+)$/.test(code);
}
