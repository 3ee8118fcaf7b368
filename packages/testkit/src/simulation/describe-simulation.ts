// SPDX-License-Identifier: MIT
import { jestApi } from "../jest-api";
import { plainRuns } from "./plain-runs";

/** The result of a run; nothing in `violations` means that it held. */
export interface SimulationVerdict {
  /** Each difference from what must be, as a sentence. */
  readonly violations: readonly string[];
}

/**
 * Describes a simulation by its seeds: one test each, from 1 on. A failing one says the command that repeats it.
 *
 * `SIM` chooses the simulation, `SEED` one run of it, `SIM_RUNS` how many runs, `SIM_FIRST` the first of them. Without
 * any of them a third of the runs is made, and with `SIM_FULL`, as `pnpm test:sim` sets it, all.
 *
 * @param name what `SIM` calls it; unique among all simulations.
 * @param runs how many runs `pnpm test:sim` does: tenths of a second each.
 * @param simulate makes one run; it may also state by itself what must hold.
 */
export function describeSimulation(
  name: string,
  runs: number,
  simulate: (seed: number) => Promise<SimulationVerdict | undefined>,
): void {
  const { describe, expect, it } = jestApi();
  const { SIM: chosen = name } = process.env;
  const describeChosen = chosen === name ? describe : describe.skip;
  describeChosen(`The simulation ${name}`, () => {
    it.each(seedsOf(runs))(`holds (SEED=%d SIM=${name} pnpm test:sim)`, async (seed) => {
      const { violations = [] } = (await simulate(seed)) ?? {};
      const reproduce = `SEED=${seed} SIM=${name} pnpm test:sim`;
      expect({ reproduce, violations }).toEqual({ reproduce, violations: [] });
    });
  });
}

function seedsOf(runs: number): readonly number[] {
  const { SEED: seed, SIM_FIRST: first = 1, SIM_RUNS: runsGiven = plainRuns(runs) } = process.env;
  if (seed !== undefined) return [Number(seed)];
  return Array.from({ length: Number(runsGiven) }, (_, i) => Number(first) + i);
}
