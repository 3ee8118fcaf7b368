// SPDX-License-Identifier: MIT
import { KinesisClient } from "@aws-sdk/client-kinesis";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { streamArn } from "../arn";
import type { Clock } from "../clock";
import { LedgerNotFoundError } from "../errors";
import { findFirstBlock } from "../find-first-block";
import type { LedgerStore } from "../ledger-store";
import { JsonFiles } from "../storage/json-files";
import { Mutex } from "../mutex";
import { newUniqueId } from "../unique-id";
import { isRunning, parseKinesisArn, type JournalStream, type JournalStreamRequest } from "./journal-stream";
import { StreamRunner } from "./stream-runner";
import type { IsStreamTarget } from "./stream-targets";

/** How streams are run. */
export interface JournalStreamsOptions {
  readonly store: LedgerStore;
  /** Where streams and their positions are kept. */
  readonly folder: string;
  readonly clock: Clock;
  /** Whether the operator allows streams into a data stream. A stream into another one does not run. */
  readonly isTarget: IsStreamTarget;
  /** Makes the client for a region's Kinesis. Default: one with the AWS SDK's own settings and credentials. */
  readonly kinesisClient?: ((region: string) => KinesisClient) | undefined;
  /** How long to wait for new blocks, in milliseconds. Default: 200. */
  readonly pollMs?: number;
}

/** QLDB forgets a stream 7 days after its end. */
const keptMs = 7 * 86_400_000;

/** The streams of all ledgers of a server: those that run, and those that have ended lately. */
export class JournalStreams {
  readonly #options: JournalStreamsOptions;
  readonly #files: JsonFiles<JournalStream>;
  readonly #runners = new Map<string, StreamRunner>();
  readonly #clients = new Map<string, KinesisClient>();
  readonly #changes = new Mutex();

  private constructor(options: JournalStreamsOptions, files: JsonFiles<JournalStream>) {
    this.#options = options;
    this.#files = files;
  }

  /** Opens the folder and goes on with every stream that had not ended. */
  static async open(options: JournalStreamsOptions): Promise<JournalStreams> {
    const streams = new JournalStreams(options, await JsonFiles.open<JournalStream>(options.folder));
    for (const stream of await streams.#files.readAll()) await streams.#resume(stream);
    return streams;
  }

  /** The streams that wait until the operator allows their data stream. */
  get suspended(): readonly JournalStream[] {
    return [...this.#runners.values()]
      .map(({ stream }) => stream)
      .filter((stream) => this.#isSuspended(stream));
  }

  /** Whether a stream into this data stream would run. */
  isTarget(kinesisArn: string): boolean {
    return this.#options.isTarget(kinesisArn);
  }

  /** Begins a stream; what is wrong with the Kinesis data stream shows in its status. */
  start(ledgerName: string, request: JournalStreamRequest): Promise<JournalStream> {
    return this.#changes.run(async () => {
      const ledger = await this.#options.store.open(ledgerName);
      const stream: JournalStream = {
        ...request,
        // QLDB does the same with a start before the ledger's.
        inclusiveStartTime: Math.max(request.inclusiveStartTime, ledger.description.creationTime),
        streamId: newUniqueId(),
        ledgerName,
        creationTime: this.#options.clock(),
        status: "ACTIVE",
        announced: false,
        next: await findFirstBlock(ledger, request.inclusiveStartTime),
      };
      await this.#files.write(stream.streamId, stream);
      (await this.#addRunner(stream)).start();
      return stream;
    });
  }

  /** A ledger's streams, the newest first. */
  list(ledgerName: string): readonly JournalStream[] {
    const forgottenBefore = this.#options.clock() - keptMs;
    return [...this.#runners.values()]
      .map(({ stream }) => stream)
      .filter(({ endTime = Infinity, ...stream }) => {
        return stream.ledgerName === ledgerName && endTime > forgottenBefore;
      })
      .sort((a, b) => b.creationTime - a.creationTime || (a.streamId < b.streamId ? -1 : 1));
  }

  /** One of a ledger's streams, if there is one of this id. */
  find(ledgerName: string, streamId: string): JournalStream | undefined {
    return this.list(ledgerName).find((stream) => stream.streamId === streamId);
  }

  /** Ends a stream that runs. */
  async cancel(streamId: string): Promise<void> {
    await this.#runners.get(streamId)?.cancel();
  }

  /** Ends and forgets the streams of a ledger that is about to be deleted. */
  removeLedger(ledgerName: string): Promise<void> {
    return this.#changes.run(async () => {
      for (const { streamId } of this.list(ledgerName)) {
        await this.#runners.get(streamId)?.stop();
        this.#runners.delete(streamId);
        await this.#files.remove(streamId);
      }
    });
  }

  /** Stops all streams after what is under way; they go on when the server is opened again. */
  close(): Promise<void> {
    return this.#changes.run(async () => {
      await Promise.all([...this.#runners.values()].map((runner) => runner.stop()));
      for (const client of this.#clients.values()) client.destroy();
    });
  }

  async #resume(stream: JournalStream): Promise<void> {
    const { endTime = Infinity, streamId } = stream;
    if (endTime <= this.#options.clock() - keptMs) {
      await this.#files.remove(streamId);
      return;
    }
    try {
      const runner = await this.#addRunner(stream);
      if (this.#isSuspended(stream)) await runner.suspend();
      else if (isRunning(stream)) runner.start();
    } catch (error) {
      // A crash came between the deletion of the ledger and that of its streams.
      if (!(error instanceof LedgerNotFoundError)) throw error;
      await this.#files.remove(streamId);
    }
  }

  #isSuspended(stream: JournalStream): boolean {
    return isRunning(stream) && !this.isTarget(stream.kinesisArn);
  }

  async #addRunner(stream: JournalStream): Promise<StreamRunner> {
    const { store, clock, pollMs = 200 } = this.#options;
    const runner = new StreamRunner(stream, {
      ledger: await store.open(stream.ledgerName),
      client: this.#clientFor(parseKinesisArn(stream.kinesisArn)?.region ?? ""),
      streamArn: streamArn(stream.ledgerName, stream.streamId),
      clock,
      pollMs,
      save: (changed) => this.#files.write(changed.streamId, changed),
    });
    this.#runners.set(stream.streamId, runner);
    return runner;
  }

  #clientFor(region: string): KinesisClient {
    const client = this.#clients.get(region) ?? (this.#options.kinesisClient ?? defaultClient)(region);
    this.#clients.set(region, client);
    return client;
  }
}

function defaultClient(region: string): KinesisClient {
  // HTTP/1.1, which emulators speak too; the SDK's default for Kinesis is HTTP/2.
  return new KinesisClient({ region, requestHandler: new NodeHttpHandler() });
}
