// SPDX-License-Identifier: MIT
import { readFileSync } from "node:fs";

/**
 * How many files and connections this process may have open. Infinite where the system does not say so (all but Linux).
 *
 * Linux, proc(5): the soft limit, which Node.js raises to the hard one when it starts.
 */
export function openFilesMax(): number {
  try {
    const found = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1];
    return Number(found ?? Infinity);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return Infinity;
    throw error;
  }
}
