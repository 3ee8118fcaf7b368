// SPDX-License-Identifier: MIT
import type { KinesisClient } from "@aws-sdk/client-kinesis";
import { streamArn } from "../arn";
import type { Clock } from "../clock";
import { LedgerNotFoundError } from "../errors";
import { findFirstBlock } from "../find-first-block";
import type { LedgerStore } from "../ledger-store";
import { Mutex } from "../mutex";
import type { ServiceClient } from "../service-client";
import type { RecordStore } from "../storage/record-store";
import { newUniqueId } from "../unique-id";
import { isRunning, parseKinesisArn, type JournalStream, type JournalStreamRequest } from "./journal-stream";
import type { StreamRunner } from "./stream-runner";
import type { IsStreamTarget } from "./stream-targets";

/** How streams are run. */
export interface JournalStreamsOptions {
  readonly store: LedgerStore;
  readonly clock: Clock;
  /** True if the operator allows streams into a data stream. A stream into another one does not run. */
  readonly isTarget: IsStreamTarget;
  /** The id of this server. */
  readonly serverId: string;
  /** True if another server has ended: its streams are taken over. */
  readonly hasEnded: (serverId: string) => Promise<boolean>;
  /** Makes the client for a region's Kinesis. Default: one with the AWS SDK's own settings and credentials. */
  readonly kinesisClient?: ((region: string) => ServiceClient) | undefined;
  /** How long to wait for new blocks, in milliseconds. Default: 200. */
  readonly pollMs?: number;
}

/** QLDB forgets a stream 7 days after its end. */
const keptMs = 7 * 86_400_000;

/** How often it is looked for servers that have ended, in milliseconds. */
const TAKE_OVER_MS = 2000;

/**
 * The streams of all ledgers: those that run, and those that have ended lately.
 *
 * Servers on one database share the list. Each stream is sent by one of them, which the record names. When that one has ended, the
 * first other one that is allowed to takes the stream over.
 */
export class JournalStreams {
  readonly #options: JournalStreamsOptions;
  readonly #records: RecordStore<JournalStream>;
  /** Those that this server sends. */
  readonly #runners = new Map<string, StreamRunner>();
  readonly #clients = new Map<string, KinesisClient>();
  readonly #changes = new Mutex();
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  private constructor(options: JournalStreamsOptions, records: RecordStore<JournalStream>) {
    this.#options = options;
    this.#records = records;
  }

  /** Opens the list, removes what is too old for it, and goes on with every stream whose server has ended. */
  static async open(options: JournalStreamsOptions): Promise<JournalStreams> {
    const records = await options.store.openRecords<JournalStream>("streams");
    const streams = new JournalStreams(options, records);
    for (const { streamId, endTime } of await records.readAll()) {
      if (!streams.#isListed(endTime)) await records.remove(streamId);
    }
    await streams.#takeOver();
    return streams;
  }

  /** True if a stream into this data stream would run. */
  isTarget(kinesisArn: string): boolean {
    return this.#options.isTarget(kinesisArn);
  }

  /** The streams that wait until the operator allows their data stream. */
  async readSuspended(): Promise<readonly JournalStream[]> {
    return (await this.#records.readAll()).filter(
      (stream) => stream.errorCause === "IAM_PERMISSION_REVOKED" && this.#isSuspended(stream),
    );
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
        serverId: this.#options.serverId,
      };
      await this.#records.write(stream.streamId, stream);
      (await this.#addRunner(stream)).start();
      return stream;
    });
  }

  /** A ledger's streams, the newest first. */
  async list(ledgerName: string): Promise<readonly JournalStream[]> {
    return (await this.#records.readAll())
      .filter((stream) => stream.ledgerName === ledgerName && this.#isListed(stream.endTime))
      .sort((a, b) => b.creationTime - a.creationTime || (a.streamId < b.streamId ? -1 : 1));
  }

  /** One of a ledger's streams, if there is one of this id. */
  async find(ledgerName: string, streamId: string): Promise<JournalStream | undefined> {
    return (await this.list(ledgerName)).find((stream) => stream.streamId === streamId);
  }

  /** Ends a stream that runs, on whatever server. */
  async cancel({ streamId, ledgerName }: JournalStream): Promise<void> {
    await this.#runners.get(streamId)?.cancel();
    // Its server changes the record while it sends.
    for (;;) {
      const found = await this.find(ledgerName, streamId);
      if (found === undefined || !isRunning(found)) return;
      const { errorCause: _removed, ...stream } = found;
      const canceled: JournalStream = { ...stream, status: "CANCELED", endTime: this.#options.clock() };
      if (await this.#records.replace(streamId, found, canceled)) return;
    }
  }

  /** Ends and forgets the streams of a ledger that is about to be deleted. */
  removeLedger(ledgerName: string): Promise<void> {
    return this.#changes.run(async () => {
      for (const { streamId } of await this.list(ledgerName)) {
        await this.#runners.get(streamId)?.stop();
        this.#runners.delete(streamId);
        await this.#records.remove(streamId);
      }
    });
  }

  /** Takes over the streams of servers that have ended, now and from now on. */
  async watch(): Promise<void> {
    await this.#takeOver();
    this.#timer = setInterval(() => {
      // While the database is away, nothing can be taken over.
      this.#takeOver().catch(() => undefined);
    }, TAKE_OVER_MS).unref();
  }

  #takeOver(): Promise<void> {
    return this.#changes.run(async () => {
      for (const stream of await this.#records.readAll()) {
        if (this.#isClosed || !isRunning(stream) || !(await this.#isNobodys(stream))) continue;
        if (this.#isSuspended(stream)) await this.#suspend(stream);
        else await this.#claim(stream);
      }
    });
  }

  /** Stops all streams after what is under way; they go on when the server is opened again. */
  close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    return this.#changes.run(async () => {
      await Promise.all([...this.#runners.values()].map((runner) => runner.stop()));
      for (const client of this.#clients.values()) client.destroy();
    });
  }

  #isListed(endTime = Infinity): boolean {
    return endTime > this.#options.clock() - keptMs;
  }

  async #isNobodys({ serverId = "" }: JournalStream): Promise<boolean> {
    return serverId !== this.#options.serverId && (await this.#options.hasEnded(serverId));
  }

  #isSuspended(stream: JournalStream): boolean {
    return isRunning(stream) && !this.isTarget(stream.kinesisArn);
  }

  /** Says that a stream waits for a permission; a server that has it goes on with the stream. */
  async #suspend(stream: JournalStream): Promise<void> {
    if (stream.errorCause === "IAM_PERMISSION_REVOKED") return;
    const suspended: JournalStream = { ...stream, status: "IMPAIRED", errorCause: "IAM_PERMISSION_REVOKED" };
    await this.#records.replace(stream.streamId, stream, suspended);
  }

  async #claim(stream: JournalStream): Promise<void> {
    const claimed: JournalStream = { ...stream, serverId: this.#options.serverId };
    try {
      await this.#options.store.open(stream.ledgerName);
      if (!(await this.#records.replace(stream.streamId, stream, claimed))) return;
      (await this.#addRunner(claimed)).start();
    } catch (error) {
      // A crash came between the deletion of the ledger and that of its streams.
      if (!(error instanceof LedgerNotFoundError)) throw error;
      await this.#records.remove(stream.streamId);
    }
  }

  async #addRunner(stream: JournalStream): Promise<StreamRunner> {
    const { store, clock, pollMs = 200 } = this.#options;
    const { streamId } = stream;
    // oxlint-disable-next-line typescript/no-require-imports -- brings Kinesis's client, which a server without streams does without
    const { StreamRunner: Runner } = require("./stream-runner") as typeof import("./stream-runner");
    const runner = new Runner(stream, {
      ledger: await store.open(stream.ledgerName),
      client: await this.#clientFor(parseKinesisArn(stream.kinesisArn)?.region ?? ""),
      streamArn: streamArn(stream.ledgerName, streamId),
      clock,
      pollMs,
      save: (from, to) => this.#records.replace(streamId, from, to),
      holds: (held) => this.#records.holds(streamId, held),
    });
    this.#runners.set(streamId, runner);
    return runner;
  }

  async #clientFor(region: string): Promise<KinesisClient> {
    const { kinesisClient = defaultClient } = this.#options;
    const client = this.#clients.get(region) ?? ((await kinesisClient(region)) as KinesisClient);
    this.#clients.set(region, client);
    return client;
  }
}

async function defaultClient(region: string): Promise<KinesisClient> {
  const sdk = await import("@aws-sdk/client-kinesis");
  const { NodeHttpHandler } = await import("@smithy/node-http-handler");
  // HTTP/1.1, which emulators speak too; the SDK's default for Kinesis is HTTP/2.
  return new sdk.KinesisClient({ region, requestHandler: new NodeHttpHandler() });
}
