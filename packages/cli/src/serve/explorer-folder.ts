// SPDX-License-Identifier: MIT
import { dirname, join } from "node:path";

/** The folder with the files of the explorer's page. Nothing of the package is loaded. */
export function explorerFolder(): string {
  return join(dirname(require.resolve("@ledger-loader/explorer/package.json")), "dist", "page");
}
