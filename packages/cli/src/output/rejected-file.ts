// SPDX-License-Identifier: MIT
import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import { encodeEvent } from "@ledger-loader/core";
import type { OnRejected } from "@ledger-loader/move";

/** Where `--rejected` writes events that were not applied. */
export interface RejectedFile {
  readonly add: OnRejected;
  close(): Promise<void>;
}

/** Opens the file, which appears with the first rejected event; without a path nothing is written. */
export function openRejectedFile(path: string | undefined): RejectedFile {
  if (path === undefined) return { add: () => undefined, close: () => Promise.resolve() };
  let stream: ReturnType<typeof createWriteStream> | undefined;
  return {
    add(_rejected, event) {
      // What could not be read as an event cannot be written as one; the report names its place.
      if (event === undefined) return;
      stream ??= createWriteStream(path, { mode: 0o600 });
      stream.write(`${encodeEvent(event)}\n`);
    },
    async close() {
      if (stream === undefined) return;
      stream.end();
      await finished(stream);
    },
  };
}
