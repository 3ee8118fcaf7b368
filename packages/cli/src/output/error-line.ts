// SPDX-License-Identifier: MIT
import { printableData } from "./printable-data";
import type { Style } from "./style";

/** An error as people read it, with its code. What it says may come from any server, and say anything. */
export function errorLine(style: Style, message: string, code: string): string {
  return `${style.bad("error:")} ${printableData(message)} ${style.dim(`[${code}]`)}`;
}
