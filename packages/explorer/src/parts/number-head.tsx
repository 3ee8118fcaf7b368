// SPDX-License-Identifier: MIT
import type { JSX } from "preact";

/** The head of a column of numbers, which stand at its right. */
export function NumberHead({ children }: { readonly children: string }): JSX.Element {
  return <span class="number-head">{children}</span>;
}
