// SPDX-License-Identifier: MIT
import { type FileHandle, open, rm } from "node:fs/promises";
import type { EmbeddedLedger } from "../embedded-ledger";
import { ByteAnswer } from "./route";

/**
 * Answers `GET /ledgers/NAME/backup` with a copy of the ledger's file as it is now.
 *
 * An addition of our own. The file itself cannot be copied while it is served: its newest blocks are in its log.
 */
export async function readBackup(ledger: EmbeddedLedger, temporaryFile: string): Promise<ByteAnswer> {
  const remove = (): Promise<void> => rm(temporaryFile, { force: true });
  try {
    await ledger.copyTo(temporaryFile);
    const file = await open(temporaryFile);
    const { size } = await file.stat();
    return new ByteAnswer(chunksOf(file), {
      length: size,
      release: async () => {
        await file.close();
        await remove();
      },
    });
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Enough for few calls, and little memory. */
const chunkBytes = 256 * 1024;

/** A stream of the file would keep it open until it is destroyed, so it is read here. */
async function* chunksOf(file: FileHandle): AsyncGenerator<Uint8Array> {
  for (;;) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(chunkBytes), 0, chunkBytes);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}
