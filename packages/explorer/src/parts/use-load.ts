// SPDX-License-Identifier: MIT
import { type Dispatch, type StateUpdater, useCallback, useEffect, useState } from "preact/hooks";

/** Data that is loaded from the server, and how far that is. */
export interface Loaded<T> {
  readonly value: T | undefined;
  readonly error: unknown;
  readonly isLoading: boolean;
  /** Loads again. What was loaded stays until the answer is there. */
  readonly reload: () => void;
}

interface State<T> {
  readonly key: string;
  readonly value?: T;
  readonly error?: unknown;
  readonly isLoading: boolean;
}

/**
 * Loads a value when a view appears, and again when `key` changes. The answer to an earlier key is dropped.
 *
 * @param key - names what is loaded: the same for the same value
 */
export function useLoad<T>(key: string, load: () => Promise<T>): Loaded<T> {
  const [count, setCount] = useState(0);
  const [state, setState] = useState<State<T>>({ key, isLoading: true });
  useEffect(() => follow(key, load, setState), [key, count]);
  const reload = useCallback(() => {
    setCount((before) => before + 1);
  }, []);
  // A value of another key is never shown, not even until the effect runs.
  const current: State<T> = state.key === key ? state : { key, isLoading: true };
  return { value: current.value, error: current.error, isLoading: current.isLoading, reload };
}

/** @returns how to stop listening */
function follow<T>(
  key: string,
  load: () => Promise<T>,
  setState: Dispatch<StateUpdater<State<T>>>,
): () => void {
  let isWanted = true;
  setState((before) => (before.key === key ? { ...before, isLoading: true } : { key, isLoading: true }));
  load().then(
    (value) => {
      if (isWanted) setState({ key, value, isLoading: false });
    },
    (error: unknown) => {
      if (isWanted) setState({ key, error, isLoading: false });
    },
  );
  return () => {
    isWanted = false;
  };
}
