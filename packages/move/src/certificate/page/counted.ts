// SPDX-License-Identifier: MIT

/** A count as people read it, `1,234,567`, in every locale the same. */
export function count(n: number): string {
  return n.toLocaleString("en-US");
}

/** A count with its noun: `1 block`, `2 blocks`. */
export function counted(n: number, noun: string): string {
  return `${count(n)} ${noun}${n === 1 ? "" : "s"}`;
}
