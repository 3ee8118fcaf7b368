// SPDX-License-Identifier: MIT
import { readFileSync, writeFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { FuzzedDecoder } from "./fuzzed-decoder";

/** The size of the inputs that memory is measured with, in bytes. */
const LARGE_BYTES = 1024 * 1024;

const WARM_UP_BYTES = 64 * 1024;
const WARM_UP_TIMES = 3;

/** Memory in sizes of the input: the most of several inputs. */
export interface MemoryGrowth {
  /** The memory that the decoded result holds. */
  readonly held: number;
  /** The process took so much, with garbage that was not collected yet. */
  readonly peak: number;
}

/** The memory that inputs of ordinary values take, and of the smallest ones. */
export interface MeasuredMemory {
  readonly large: MemoryGrowth;
  readonly dense: MemoryGrowth;
}

/**
 * Measures the memory that large inputs take.
 *
 * Memory is read from /proc: Linux only. The process SHOULD have done nothing else.
 */
export async function measureMemory(decoder: FuzzedDecoder): Promise<MeasuredMemory> {
  // The space of young objects and the compiled code grow with the first inputs.
  for (let times = 0; times < WARM_UP_TIMES; times++) await growthOf(decoder, decoder.large(WARM_UP_BYTES));
  const large = await growthOf(decoder, decoder.large(LARGE_BYTES));
  return { large, dense: await growthOf(decoder, decoder.dense(LARGE_BYTES)) };
}

async function growthOf(decoder: FuzzedDecoder, inputs: readonly Uint8Array[]): Promise<MemoryGrowth> {
  const collect = garbageCollector();
  let [held, peak] = [0, 0];
  for (const input of inputs) {
    await collect();
    // Linux, proc(5): 5 resets the peak.
    writeFileSync("/proc/self/clear_refs", "5");
    const before = { used: usedBytes(), taken: readBytes("VmRSS") };
    const decoded = await settled(() => decoder.decode(input));
    peak = Math.max(peak, (readBytes("VmHWM") - before.taken) / input.length);
    await collect();
    held = Math.max(held, (usedBytes() - before.used) / input.length);
    decoded.length = 0;
  }
  return { held, peak };
}

/** Runs it to its end, and keeps what it returns. A refusal is an end, too. */
async function settled(decode: () => unknown): Promise<unknown[]> {
  try {
    return [await decode()];
  } catch {
    // What errors are is judged with the damaged inputs.
    return [];
  }
}

function usedBytes(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function readBytes(name: string): number {
  const kibibytes = Number(
    new RegExp(`${name}:\\s*(\\d+)`).exec(readFileSync("/proc/self/status", "utf8"))?.[1],
  );
  return 1024 * kibibytes;
}

/** Garbage of the input before must not count as memory of the next. */
function garbageCollector(): () => Promise<void> {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  return async () => {
    // V8 frees buffers beside other work, and counts them with the next collection.
    for (let times = 0; times < 3; times++) {
      collect();
      await setTimeout(10);
    }
  };
}
