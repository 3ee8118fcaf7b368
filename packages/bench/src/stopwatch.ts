// SPDX-License-Identifier: MIT

/** What something took. */
export interface Taken {
  readonly wallMs: number;
  /** Processor time of this process, all its threads together. */
  readonly cpuMs: number;
}

/** Runs `work` and says what it took, garbage from before not included where `node --expose-gc` allows that. */
export async function measure(work: () => Promise<void> | void): Promise<Taken> {
  globalThis.gc?.();
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  await work();
  const wallMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpu);
  return { wallMs, cpuMs: (user + system) / 1000 };
}
