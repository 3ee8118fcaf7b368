// SPDX-License-Identifier: MIT
import { TIP_SUFFIX } from "./ledger-file";
import { SqliteStorage } from "./sqlite-storage";
import { TipFile } from "./tip-file";

/**
 * How many blocks the journal in a file has that is not open: by the record of acknowledged commits, which is one small file. A ledger
 * without one, such as a restored one, is read. `undefined` if that is not possible: opening the ledger tells why.
 */
export async function countBlocksOf(path: string): Promise<number | undefined> {
  try {
    const { tip } = TipFile.open(path + TIP_SUFFIX);
    if (tip !== undefined) return tip.sequenceNo + 1;
    const storage = await SqliteStorage.read(path, {});
    try {
      return ((await storage.readHead())?.sequenceNo ?? -1) + 1;
    } finally {
      await storage.close();
    }
  } catch {
    return undefined;
  }
}
