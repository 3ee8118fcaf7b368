// SPDX-License-Identifier: MIT
import type { CommandContext } from "../options/command-spec";
import type { Progress } from "./progress";

/** The progress of a command that works in phases, each with a line of its own. */
export interface ProgressPhases {
  readonly update: (phase: string, done: number, total?: number) => void;
  /** MUST be called before anything else is written to the terminal. */
  readonly finish: () => void;
}

/** Starts a line for each phase when it begins. */
export function startPhases(context: CommandContext, unit: string): ProgressPhases {
  let line: Progress | undefined;
  let current: string | undefined;
  return {
    update(phase, done, total) {
      if (phase !== current) {
        line?.finish();
        line = context.progress(phase, unit);
        current = phase;
      }
      line?.update(done, total);
    },
    finish() {
      line?.finish();
    },
  };
}
