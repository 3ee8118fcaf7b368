// SPDX-License-Identifier: MIT
import { existsSync } from "node:fs";
import path from "node:path";

/** Finds a file of the repository from the working folder: this package is never installed anywhere else. */
export function findUpwards(file: string): string {
  for (let folder = process.cwd(); ; folder = path.dirname(folder)) {
    const candidate = path.join(folder, file);
    if (existsSync(candidate)) return candidate;
    if (path.dirname(folder) === folder) {
      throw new Error(
        `Expected ${file} in this folder or above, found none. Run from within the repository.`,
      );
    }
  }
}
