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
  const lock = `${path}.lock`;
  await acquire(path, lock);
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}

async function acquire(path: string, lock: string): Promise<void> {
  const until = Date.now() + WAIT_MAX_MS;
  for (;;) {
    try {
      await (await open(lock, "wx", 0o600)).close();
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    if (Date.now() > until) throw new FileLockedError(path, WAIT_MAX_MS);
    if ((await ageOf(lock)) > STALE_AFTER_MS) await rm(lock, { force: true });
    await pause(PAUSE_MS);
  }
}

async function ageOf(path: string): Promise<number> {
  try {
    return Date.now() - (await stat(path)).mtimeMs;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return 0;
    throw error;
  }
}
