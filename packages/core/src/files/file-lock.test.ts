// SPDX-License-Identifier: MIT
import { once } from "node:events";
import fs from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { withFileLock } from "@ledger-loader/core";

const CONTENDERS = 8;

let folder: string;
let file: string;
let lock: string;
beforeEach(async () => {
  folder = await fs.mkdtemp(join(tmpdir(), "file-lock-"));
  file = join(folder, "letters");
  lock = `${file}.lock`;
});
afterEach(async () => {
  jest.restoreAllMocks();
  await fs.rm(folder, { recursive: true });
});

/** A lock of a process that died an hour ago. */
async function leaveBehind(path: string): Promise<bigint> {
  const anHourAgo = Date.now() / 1_000 - 3_600;
  await fs.writeFile(path, "");
  await fs.utimes(path, anHourAgo, anHourAgo);
  return (await fs.stat(path, { bigint: true })).mtimeNs;
}

/**
 * Has everybody look at the lock before the first one removes it, and has all other removals come when the lock was taken again.
 *
 * @param someoneInside - resolves when somebody has the lock
 * @returns what to await until others have tried for some time to take it
 */
function mixCalls(someoneInside: Promise<void>): () => Promise<void> {
  const { open, rm, stat } = fs;
  let attempts = 0;
  let removals = 0;
  let reportLooked: () => void = () => undefined;
  const everybodyLooked = new Promise<void>((resolve) => (reportLooked = resolve));
  let looks = 0;
  jest.spyOn(fs, "open").mockImplementation((...args) => open(...args).finally(() => (attempts += 1)));
  jest.spyOn(fs, "stat").mockImplementation((...args: Parameters<typeof stat>) =>
    stat(...args).finally(() => {
      looks += 1;
      if (looks === CONTENDERS) reportLooked();
    }),
  );
  jest.spyOn(fs, "rm").mockImplementation(async (path, options) => {
    if (path === lock) await ((removals += 1) === 1 ? everybodyLooked : someoneInside);
    return rm(path, options);
  });
  return async () => {
    const enough = attempts + 3 * CONTENDERS;
    while (attempts < enough) await pause(1);
  };
}

describe("A lock that was left behind", () => {
  it("is taken over by one after the other, also when some have looked before the first one removed it", async () => {
    await leaveBehind(lock);
    let reportInside: () => void = () => undefined;
    const othersTried = mixCalls(new Promise<void>((resolve) => (reportInside = resolve)));
    let inside = 0;
    const together: number[] = [];
    const contend = (): Promise<void> =>
      withFileLock(file, async () => {
        inside += 1;
        together.push(inside);
        reportInside();
        if (together.length === 1) await othersTried();
        inside -= 1;
      });
    await Promise.all(Array.from({ length: CONTENDERS }, contend));
    expect(together).toEqual(Array.from({ length: CONTENDERS }, () => 1));
    jest.restoreAllMocks();
    expect(await fs.readdir(folder)).toEqual([]);
  });

  it("is taken over also after a process died while it took the lock over", async () => {
    const written = await leaveBehind(lock);
    await leaveBehind(`${lock}-${written}`);
    expect(await withFileLock(file, () => Promise.resolve("done"))).toBe("done");
    expect(await fs.readdir(folder)).toEqual([]);
  });
});

it("A holder that was overtaken leaves the lock to who has it now", async () => {
  const taken = new EventTarget();
  const ended = new EventTarget();
  let second: Promise<unknown> = Promise.resolve();
  await withFileLock(file, async () => {
    await leaveBehind(lock);
    const isTaken = once(taken, "taken");
    second = withFileLock(file, async () => {
      taken.dispatchEvent(new Event("taken"));
      await once(ended, "ended");
    });
    await isTaken;
    const now = performance.now();
    jest.spyOn(performance, "now").mockImplementation(() => now + 60_000);
  });
  jest.restoreAllMocks();
  expect(await fs.readdir(folder)).toEqual(["letters.lock"]);
  ended.dispatchEvent(new Event("ended"));
  await second;
  expect(await fs.readdir(folder)).toEqual([]);
});
