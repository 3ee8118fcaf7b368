// SPDX-License-Identifier: MIT
import { open, rm, stat } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { FileLockedError } from "../errors";

/** A lock is held for one write or one rename; one as old as this was left behind by a process that died. */
const STALE_AFTER_MS = 30_000;
const WAIT_MAX_MS = 40_000;
const PAUSE_MS = 20;

/**
 * Runs `work` while no other process that asks for the same lock does: the holder of `PATH.lock`.
 *
 * @throws FileLockedError if the lock cannot be had within 40 seconds.
 */
export async function withFileLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  return holding(path, `${path}.lock`, Date.now() + WAIT_MAX_MS, work);
}

async function holding<T>(path: string, lock: string, until: number, work: () => Promise<T>): Promise<T> {
  const mine = await acquire(path, lock, until);
  const since = performance.now();
  try {
    return await work();
  } finally {
    // A lock that others may call stale by now can be theirs, or be removed by them at this moment.
    if (performance.now() - since < STALE_AFTER_MS / 2) await rm(lock, { force: true });
    else await removeLock(path, lock, mine);
  }
}

/** Returns when the lock was written: that tells it from every other lock of this name. */
async function acquire(path: string, lock: string, until: number): Promise<bigint> {
  for (;;) {
    const mine = await create(lock);
    if (mine !== undefined) return mine;
    if (Date.now() > until) throw new FileLockedError(path, WAIT_MAX_MS);
    const found = await writtenAt(lock);
    if (found !== undefined && isStale(found)) await removeLock(path, lock, found);
    else await pause(PAUSE_MS);
  }
}

/**
 * Removes the lock that was written at `written`, and no other.
 *
 * Between a look at a lock and its removal, somebody else may remove it and a third one may take the lock. So whoever removes
 * a lock that is not surely its own holds another lock meanwhile, and looks again. That one has the moment of writing in its
 * name: it says nothing of the locks that come after. If its holder dies, it goes stale and is removed the same way.
 */
async function removeLock(path: string, lock: string, written: bigint): Promise<void> {
  await holding(path, `${lock}-${written}`, Date.now() + WAIT_MAX_MS, async () => {
    if ((await writtenAt(lock)) === written) await rm(lock, { force: true });
  });
}

/** Returns when the lock was written, in nanoseconds, or `undefined` if there is one already. */
async function create(lock: string): Promise<bigint | undefined> {
  try {
    const file = await open(lock, "wx", 0o600);
    try {
      return (await file.stat({ bigint: true })).mtimeNs;
    } finally {
      await file.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return undefined;
  }
}

async function writtenAt(lock: string): Promise<bigint | undefined> {
  try {
    return (await stat(lock, { bigint: true })).mtimeNs;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function isStale(written: bigint): boolean {
  return Date.now() - Number(written / 1_000_000n) > STALE_AFTER_MS;
}
