// SPDX-License-Identifier: MIT
import { type CheckpointStore, type Loader, SHARD_END } from "@ledger-loader/core";
import type { SourceMessage } from "./channel-source";
import type { ShardedStream } from "./sharded-stream";
import type { Invoke, SimulatedChannel, World } from "./simulated-channel";
import { SimulatedLeases } from "./simulated-leases";
import { runWorkers, type WorkerLife } from "./worker-lives";

/** One life of a process that consumes a stream. */
export interface ShardWorkerLife<Client> {
  readonly client: Client;
  readonly checkpoints: CheckpointStore;
  /** Raised when the process is told to stop. */
  readonly signal: AbortSignal;
  /** Makes the death of the loader's process one of its client and its store, too. */
  readonly guard: (loader: Loader) => Loader;
}

/** How a stream answers a command of its client. */
export type StreamApi = (command: unknown) => unknown;

const LATENCY_MAX_MS = 40;

/**
 * Processes that consume a stream by its API and share its shards by leases. They are told to stop now and then, or die
 * anywhere, also between the ledger's commit and the checkpoint: others take their leases over when these have run out.
 */
export class ShardWorkers<Client> implements SimulatedChannel {
  readonly keepsOrder: boolean;
  readonly dropped: string[];
  readonly #world: World;
  readonly #stream: ShardedStream<never>;
  readonly #api: StreamApi;
  readonly #leases: SimulatedLeases;
  readonly #invoke: Invoke<ShardWorkerLife<Client>, unknown>;

  constructor(
    world: World,
    stream: ShardedStream<never>,
    api: StreamApi,
    invoke: Invoke<ShardWorkerLife<Client>, unknown>,
  ) {
    this.#world = world;
    this.#stream = stream;
    this.#api = api;
    this.#leases = new SimulatedLeases(world);
    this.#invoke = invoke;
    this.keepsOrder = stream.keepsOrder;
    this.dropped = stream.dropped;
  }

  publish(message: SourceMessage): void {
    this.#stream.publish(message);
  }

  async run(isPublishing: () => boolean): Promise<void> {
    const isOver = (): boolean => !isPublishing() && this.#isRead;
    await runWorkers(this.#world, isOver, (life) =>
      this.#invoke({
        client: this.#client(life),
        checkpoints: this.#leases.seenBy(life),
        signal: life.signal,
        guard: (loader) => life.guard(loader),
      }),
    );
  }

  get #isRead(): boolean {
    return this.#stream.shards.every(({ id, records }) => {
      const checkpoint = this.#leases.checkpointOf(id);
      return checkpoint === SHARD_END || checkpoint === records.at(-1)?.sequenceNumber;
    });
  }

  #client(life: WorkerLife): Client {
    const send = async (command: unknown): Promise<unknown> => {
      const { time, random } = this.#world;
      life.requireLife();
      await time.sleep(random.below(LATENCY_MAX_MS));
      life.requireLife();
      return this.#api(command);
    };
    return { send } as unknown as Client;
  }
}
