// SPDX-License-Identifier: MIT

/** The cost of some work. */
export interface Taken {
  readonly wallMs: number;
  /** Processor time of this process, all its threads together. */
  readonly cpuMs: number;
}

/** Runs `work` and says what it took, garbage from before not included where `node --expose-gc` allows that. */
export async function measure(work: () => Promise<void> | void): Promise<Taken> {
  globalThis.gc?.();
  const before = cpuMs();
  const startedAt = performance.now();
  await work();
  const wallMs = performance.now() - startedAt;
  return { wallMs, cpuMs: cpuMs() - before };
}

/** The processor time of this process so far, all its threads together, in milliseconds. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
