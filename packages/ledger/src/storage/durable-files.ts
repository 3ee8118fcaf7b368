// SPDX-License-Identifier: MIT
import { closeSync, constants, fsyncSync, openSync } from "node:fs";
import { access, open } from "node:fs/promises";

/** Makes a file's content, or the names in a folder, survive a crash of the machine. */
export async function syncPath(path: string): Promise<void> {
  const handle = await open(path, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** {@link syncPath} where the caller cannot wait for a promise. */
export function syncPathNow(path: string): void {
  const descriptor = openSync(path, constants.O_RDONLY);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** True when there is something at the path. Throws where that cannot be told, as without the right to look. */
export async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}
