// SPDX-License-Identifier: MIT
import type { ComponentChildren, JSX } from "preact";
import { Problem } from "./problem";
import type { Loaded } from "./use-load";

/** Shows what was loaded, or why there is nothing to show yet. */
export function Loading<T>({
  of,
  children,
}: {
  readonly of: Loaded<T>;
  readonly children: (value: T) => ComponentChildren;
}): JSX.Element {
  if (of.error !== undefined) return <Problem error={of.error} />;
  if (of.value === undefined) return <p class="quiet">Loading…</p>;
  return <div aria-busy={of.isLoading}>{children(of.value)}</div>;
}
