// SPDX-License-Identifier: MIT
import { BlockBuilder } from "../../src/commit/block-builder";
import type { CommitCandidate } from "../../src/commit/commit-queue";
import { openLedgerServer } from "../../src/index";
import { SqliteHeadLock } from "../../src/storage/sqlite/sqlite-head-lock";
import type { BlockChange, HeadLock } from "../../src/storage/storage";

/**
 * A server that commits whatever was read, for tests of tests: `blind-server DATA-FOLDER`. Prints what `server-process` does.
 *
 * It writes each document upon the newest revision, because the storage refuses two revisions of one version.
 */
async function main(dataFolder: string | undefined): Promise<void> {
  if (dataFolder === undefined) throw new Error("Expected the data folder as the only argument.");
  closeEyes();
  const { endpoint } = await openLedgerServer({ dataFolder });
  process.stdout.write(`${JSON.stringify({ pid: process.pid, endpoint })}\n`);
}

type Build = (this: BlockBuilder, lock: HeadLock, candidate: CommitCandidate) => Promise<BlockChange>;

function closeEyes(): void {
  SqliteHeadLock.prototype.findConflict = () => Promise.resolve(undefined);
  const build = Object.getOwnPropertyDescriptor(BlockBuilder.prototype, "build")?.value as Build;
  BlockBuilder.prototype.build = async function (lock, candidate): Promise<BlockChange> {
    return build.call(this, lock, await uponNewest(lock, candidate));
  };
}

async function uponNewest(lock: HeadLock, candidate: CommitCandidate): Promise<CommitCandidate> {
  const documents = await Promise.all(
    candidate.documents.map(async (document) => {
      const [newest] = await lock.findByIds(document.tableNo, [document.documentId]);
      return document.base === undefined ? document : { ...document, base: newest ?? document.base };
    }),
  );
  return { ...candidate, documents };
}

void main(process.argv[2]);
