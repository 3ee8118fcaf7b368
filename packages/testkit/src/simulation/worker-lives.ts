// SPDX-License-Identifier: MIT
import type { Loader } from "@ledger-loader/core";
import { SimulatedCrashError } from "../event-source/sqs-faults";
import type { World } from "./simulated-channel";
import { withVirtualTimers } from "./virtual-timers";

/** How many processes there are, and how long they live. */
export interface WorkerLivesOptions {
  /** Default: 2. */
  readonly workers?: number;
  /** After so many milliseconds at the latest a process is told to stop. Default: 60,000. */
  readonly lifeMaxMs?: number;
  /** True if processes are left alone from now on. Default: they never are. */
  readonly isCalm?: () => boolean;
  /** The work that happens meanwhile, under the same timers. */
  readonly beside?: () => Promise<void>;
}

const WATCH_MS = 200;

/** One life of a process that runs for long. */
export class WorkerLife {
  readonly #stop = new AbortController();
  #isDead = false;

  /** Raised when the process is told to stop. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  stop(): void {
    this.#stop.abort();
  }

  /** Ends it without any goodbye: nothing that it does from now on reaches anybody. */
  die(): void {
    this.#isDead = true;
  }

  /** @throws SimulatedCrashError if it is dead. */
  requireLife(): void {
    if (this.#isDead) throw new SimulatedCrashError("The process is dead, as asked for.");
  }

  /** Makes the death of the process at its ledger one at its other services, too. */
  guard(loader: Loader): Loader {
    return {
      load: async (deliveries, options) => {
        try {
          return await loader.load(deliveries, options);
        } catch (error) {
          if (error instanceof SimulatedCrashError) this.die();
          throw error;
        }
      },
      close: () => loader.close(),
    };
  }
}

/** Runs processes side by side, each one life after the other, until all is over; their timers are virtual. */
export async function runWorkers(
  world: World,
  isOver: () => boolean,
  live: (life: WorkerLife) => Promise<unknown>,
  options: WorkerLivesOptions = {},
): Promise<void> {
  await withVirtualTimers(world.time, world.random, async () => {
    const { workers = 2, beside } = options;
    const lives = Array.from({ length: workers }, () => liveOnAndOn(world, isOver, live, options));
    await Promise.all([...lives, beside?.()]);
  });
}

async function liveOnAndOn(
  world: World,
  isOver: () => boolean,
  live: (life: WorkerLife) => Promise<unknown>,
  options: WorkerLivesOptions,
): Promise<void> {
  while (!isOver()) {
    const life = new WorkerLife();
    void stopLater(world, life, isOver, options);
    try {
      await live(life);
    } catch {
      // It died; whoever runs it starts it again.
    }
    life.stop();
    await world.time.sleep(world.random.below(1_000));
  }
}

async function stopLater(
  { time, random }: World,
  life: WorkerLife,
  isOver: () => boolean,
  { lifeMaxMs = 60_000, isCalm = () => false }: WorkerLivesOptions,
): Promise<void> {
  const endMs = time.nowMs + random.below(lifeMaxMs);
  while (!isOver() && (time.nowMs < endMs || isCalm()) && !life.signal.aborted) await time.sleep(WATCH_MS);
  life.stop();
}
