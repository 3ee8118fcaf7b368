// SPDX-License-Identifier: MIT
import type { MeasuredAttack } from "./measure-attack";
import type { ServerEnd } from "./server-process";

/** The limits of an attack's effect. */
export interface AttackBounds {
  /** Of the second client's commands, in milliseconds. `undefined` where the machine is shared and a clock proves nothing. */
  readonly p99MaxMs: number | undefined;
  /** In MiB. */
  readonly peakMemoryMax: number;
  /** The most that the memory may have grown by after the rest, in MiB. */
  readonly keptMemoryMax: number;
  /** How long SIGTERM may take, in milliseconds. */
  readonly stopMaxMs: number;
}

/** The bounds that the ledger holds against every attack: `ledger serve` ends its requests within 5 s of SIGTERM. */
export const ATTACK_BOUNDS: AttackBounds = {
  p99MaxMs: 250,
  peakMemoryMax: 1024,
  keptMemoryMax: 256,
  stopMaxMs: 6000,
};

/** A command took at most this long, in milliseconds, for that part of the commands. NaN if there were none. */
export function percentile(latencies: readonly number[], part: number): number {
  const sorted = latencies.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
}

/** Lists what went beyond the bounds, one sentence each. */
export function judgeAttack(result: MeasuredAttack, bounds: AttackBounds): readonly string[] {
  const { secondClient, memory } = result;
  const p99 = percentile(secondClient.latencies, 0.99);
  const kept = memory.after - memory.before;
  return [
    ...(secondClient.latencies.length === 0 ? ["The second client was not answered."] : []),
    ...(secondClient.failures.length > 0
      ? [`The second client was refused: ${first(secondClient.failures)}.`]
      : []),
    ...(bounds.p99MaxMs !== undefined && p99 > bounds.p99MaxMs ? [`p99 was ${Math.round(p99)} ms.`] : []),
    ...(memory.peak > bounds.peakMemoryMax ? [`The memory reached ${memory.peak} MiB.`] : []),
    ...(kept > bounds.keptMemoryMax ? [`${kept} MiB of memory were kept.`] : []),
    ...wrongAnswers(result).map((answer) => `The attacker was answered ${answer}.`),
  ];
}

/** Lists what was wrong with the end of a server, one sentence each. */
export function judgeStop({ ms, exitCode }: ServerEnd, { stopMaxMs }: AttackBounds): readonly string[] {
  return [
    ...(exitCode === 0 ? [] : [`The server ended with ${exitCode ?? "a signal"}.`]),
    ...(ms > stopMaxMs ? [`SIGTERM took ${ms} ms.`] : []),
  ];
}

/** Failures of the server, and errors that no client can name. */
export function wrongAnswers({ tally }: MeasuredAttack): readonly string[] {
  return Object.keys(tally.counts).filter((answer) => /^500|untyped|InternalFailure/.test(answer));
}

function first(failures: readonly string[]): string {
  const names = [...new Set(failures)];
  return `${failures.length} times, ${names.slice(0, 3).join(", ")}`;
}
