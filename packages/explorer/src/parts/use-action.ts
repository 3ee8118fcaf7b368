// SPDX-License-Identifier: MIT
import { useCallback, useState } from "preact/hooks";

/** Something that a button starts. */
export interface Action {
  readonly isRunning: boolean;
  readonly error: unknown;
  readonly run: (work: () => Promise<void>) => void;
}

/** Runs one piece of work at a time and keeps its error. */
export function useAction(): Action {
  const [state, setState] = useState<Omit<Action, "run">>({ isRunning: false, error: undefined });
  const run = useCallback((work: () => Promise<void>) => {
    setState({ isRunning: true, error: undefined });
    work().then(
      () => {
        setState({ isRunning: false, error: undefined });
      },
      (error: unknown) => {
        setState({ isRunning: false, error });
      },
    );
  }, []);
  return { ...state, run };
}
