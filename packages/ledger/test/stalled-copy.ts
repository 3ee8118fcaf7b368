// SPDX-License-Identifier: MIT
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { EmbeddedLedger } from "@ledger-loader/ledger";

/** A copy of a ledger that was begun, and ends once somebody has read the pipe that it is written to. */
export interface StalledCopy {
  readonly copying: Promise<void>;
  readonly pipe: string;
}

/** Begins a copy that stays where it is until its bytes are read. */
export async function beginCopy(ledger: EmbeddedLedger, folder: string): Promise<StalledCopy> {
  const pipe = join(folder, "pipe");
  execFileSync("mkfifo", [pipe]);
  const copying = ledger.copyTo(pipe);
  copying.catch(() => undefined);
  await setImmediate();
  return { copying, pipe };
}
