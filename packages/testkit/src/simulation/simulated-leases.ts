// SPDX-License-Identifier: MIT
import { type CheckpointStore, type ShardLease, isSameLease } from "@ledger-loader/core";
import { LedgerLoaderError } from "@ledger-loader/errors";
import type { World } from "./simulated-channel";
import type { WorkerLife } from "./worker-lives";

/** The store of leases gave no answer, as asked for. */
class SimulatedStoreError extends LedgerLoaderError {
  readonly code = "SIMULATED_STORE";
  override readonly retryable = true;
}

const LATENCY_MAX_MS = 40;
/** How often a change fails; half of the time it was done. */
const FAILURE_RATE = 0.05;
/** How often the process dies before it notes how far it came. */
const DEATH_BEFORE_CHECKPOINT_RATE = 0.03;

/** Leases and checkpoints that processes share, and that outlive them. */
export class SimulatedLeases {
  readonly #world: World;
  readonly #leases = new Map<string, ShardLease>();

  constructor(world: World) {
    this.#world = world;
  }

  checkpointOf(shardId: string): string | undefined {
    return this.#leases.get(shardId)?.checkpoint;
  }

  /** The store as a process sees it. */
  seenBy(life: WorkerLife): CheckpointStore {
    const { time, random } = this.#world;
    const reach = async (): Promise<void> => {
      life.requireLife();
      await time.sleep(random.below(LATENCY_MAX_MS));
      life.requireLife();
    };
    return {
      read: async () => {
        await reach();
        return [...this.#leases.values()];
      },
      replace: async (previous, next) => {
        const isProgress = previous?.checkpoint !== next.checkpoint;
        if (isProgress && random.chance(DEATH_BEFORE_CHECKPOINT_RATE)) life.die();
        await reach();
        const fails = random.chance(FAILURE_RATE);
        const isDone = (!fails || random.chance(0.5)) && this.#replace(previous, next);
        if (fails) throw new SimulatedStoreError("The store of leases gave no answer, as asked for.");
        return isDone;
      },
      remove: async (lease) => {
        await reach();
        if (isSameLease(this.#leases.get(lease.shardId), lease)) this.#leases.delete(lease.shardId);
      },
    };
  }

  #replace(previous: ShardLease | undefined, next: ShardLease): boolean {
    if (!isSameLease(this.#leases.get(next.shardId), previous)) return false;
    this.#leases.set(next.shardId, next);
    return true;
  }
}
