// SPDX-License-Identifier: MIT
import { readFile } from "node:fs/promises";
import { openExport, verifyExport } from "@ledger-loader/export";
import { answerParent } from "../child";
import { measure } from "../stopwatch";
import { verifyPlainly } from "./plain-verifier";

/** The request to a verifying process. */
export interface VerifyRequest {
  readonly by: "verifyExport" | "plain";
  readonly manifestPath: string;
  /** How often, one time after the other. @defaultValue 1 */
  readonly times?: number;
}

/** Its last result. */
export interface VerifyAnswer {
  readonly revisions: number;
  readonly bytes: number;
  readonly cpuMs: number;
  /** The most memory that the process held since it began, in bytes. */
  readonly peakMemoryBytes: number;
}

/** Verifies exports in a process of its own, so that its peak memory is that of verification. */
export function runVerifyChild(): void {
  answerParent(async (message): Promise<VerifyAnswer> => {
    const { by, manifestPath, times = 1 } = message as VerifyRequest;
    let found = { revisions: 0, bytes: 0 };
    const { cpuMs } = await measure(async () => {
      for (let time = 0; time < times; time++)
        found = by === "plain" ? await verifyPlainly(manifestPath) : await verifyOurs(manifestPath);
    });
    return { ...found, cpuMs, peakMemoryBytes: await readPeakMemory() };
  });
}

async function verifyOurs(manifestPath: string): Promise<{ revisions: number; bytes: number }> {
  const { assurance, revisions, bytes } = await verifyExport(await openExport([manifestPath]));
  if (assurance !== "consistent") {
    throw new Error(`Expected the export to be consistent, found it ${assurance ?? "without assurance"}.`);
  }
  return { revisions: Object.values(revisions).reduce((sum, count) => sum + count, 0), bytes };
}

/**
 * Where there is /proc, the peak of this program: `maxRSS` begins with the memory of the parent that it was forked from.
 */
async function readPeakMemory(): Promise<number> {
  try {
    const status = await readFile("/proc/self/status", "utf8");
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
    if (kilobytes !== undefined) return Number(kilobytes) * 1024;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  return process.resourceUsage().maxRSS * 1024;
}
