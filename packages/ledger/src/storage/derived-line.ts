// SPDX-License-Identifier: MIT
import { createHash } from "node:crypto";
import { OPEN_END } from "./open-end";

/** A column of a derived row. */
export type DerivedCell = number | string | boolean | Buffer | null;

/** Renders one derived row, the same for every storage. Bytes stand in it as their hash, so that a line may be shown. */
export function toDerivedLine(kind: string, cells: readonly (DerivedCell | undefined)[]): string {
  return `${kind} ${cells.map((cell) => toText(cell ?? null)).join(" ")}`;
}

/** The end of a row as of block `upTo`: ends that later blocks have put are left out. */
export function endAsOf(to: DerivedCell | undefined, upTo: number): number {
  return Number(to) > upTo ? OPEN_END : Number(to);
}

function toText(cell: DerivedCell): string {
  return Buffer.isBuffer(cell) ? createHash("sha256").update(cell).digest("hex") : JSON.stringify(cell);
}
