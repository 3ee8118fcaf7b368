// SPDX-License-Identifier: MIT
import { readFileSync, writeFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { FuzzedDecoder } from "./fuzzed-decoder";

/** What memory is measured with, in bytes. */
const LARGE_BYTES = 1024 * 1024;

const WARM_UP_BYTES = 64 * 1024;
const WARM_UP_TIMES = 3;

/** Memory in sizes of the input. */
export interface MemoryGrowth {
  /** For inputs of ordinary values. */
  readonly large: number;
  /** For inputs of the smallest values. */
  readonly dense: number;
}

/**
 * Measures the memory that the process takes for large inputs, in sizes of the input: the most of all.
 *
 * Memory is read from /proc: Linux only. The process SHOULD have done nothing else.
 */
export async function measureMemory(decoder: FuzzedDecoder): Promise<MemoryGrowth> {
  // The space of young objects and the compiled code grow with the first inputs.
  for (let times = 0; times < WARM_UP_TIMES; times++) await growthOf(decoder, decoder.large(WARM_UP_BYTES));
  const large = await growthOf(decoder, decoder.large(LARGE_BYTES));
  return { large, dense: await growthOf(decoder, decoder.dense(LARGE_BYTES)) };
}

async function growthOf({ decode }: FuzzedDecoder, inputs: readonly Uint8Array[]): Promise<number> {
  const collect = garbageCollector();
  let most = 0;
  for (const input of inputs) {
    collect();
    // Linux, proc(5): 5 resets the peak.
    writeFileSync("/proc/self/clear_refs", "5");
    const before = readKibibytes("VmRSS");
    await settled(() => decode(input));
    most = Math.max(most, ((readKibibytes("VmHWM") - before) * 1024) / input.length);
  }
  return most;
}

/** Runs it to its end. A refusal is an end, too. */
async function settled(decode: () => unknown): Promise<void> {
  try {
    await decode();
  } catch {
    // What errors are is judged with the damaged inputs.
  }
}

function readKibibytes(name: string): number {
  return Number(new RegExp(`${name}:\\s*(\\d+)`).exec(readFileSync("/proc/self/status", "utf8"))?.[1]);
}

/** Garbage of the input before must not count as memory of the next. */
function garbageCollector(): () => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
}
