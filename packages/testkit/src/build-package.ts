// SPDX-License-Identifier: MIT
import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";

/**
 * Builds a package and what it needs, for tests of the program as users run it; after a build it does nothing.
 *
 * @param folder Where the package's tsconfig.json lies.
 */
export function buildPackage(folder: string): void {
  const compiler = join(dirname(require.resolve("typescript/package.json")), "bin", "tsc");
  execFileSync(process.execPath, [compiler, "-b", folder]);
}
