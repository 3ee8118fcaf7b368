// SPDX-License-Identifier: MIT
import { availableParallelism } from "node:os";
import {
  type JournalExport,
  type ObjectRun,
  type SequenceRange,
  type SuppliedProof,
  type VerificationReport,
  objectSizes,
  planRuns,
  toJsonAnchors,
  verifyExport,
  verifyInRuns,
  verifyRun,
} from "@ledger-loader/export";
import type { Digest } from "@ledger-loader/journal";
import type { CommandContext } from "../options/command-spec";
import { withProgress } from "../output/with-progress";
import { VerifyThreads } from "./verify-threads";

/** Below this, starting threads costs more time than they save. */
const BYTES_PER_THREAD = 8 * 1024 * 1024;

/** Runs for each thread: with several, threads that are done early take over what is left. */
const RUNS_PER_THREAD = 4;

/** The subject of a verification, and the number of threads. */
export interface WorkersOptions {
  readonly manifests: readonly string[];
  readonly blocks: Partial<SequenceRange> | undefined;
  readonly anchors: { readonly digests: readonly Digest[]; readonly proofs: readonly SuppliedProof[] };
  /** The number of threads; `undefined`: one for each core, and fewer for a small export. */
  readonly workers: number | undefined;
}

/** Verifies an export on several threads where that is faster. The report is the same. */
export async function verifyWithWorkers(
  context: CommandContext,
  source: JournalExport,
  options: WorkersOptions,
): Promise<VerificationReport> {
  const { anchors, workers = availableParallelism() } = options;
  if (workers > 1) {
    const sizes = await objectSizes(source);
    const threads = options.workers ?? Math.min(workers, Math.floor(sum(sizes) / BYTES_PER_THREAD));
    const runs = planRuns(source, sizes, threads * RUNS_PER_THREAD);
    if (threads > 1 && runs.length > 1) {
      return onThreads(context, source, { ...options, threads, runs, bytes: sum(sizes) });
    }
  }
  return withProgress(context, "verifying", "bytes", (onBytes) =>
    verifyExport(source, {
      ...anchors,
      onProgress: ({ bytes, totalBytes }) => {
        onBytes(bytes, totalBytes);
      },
    }),
  );
}

interface ThreadsOptions extends WorkersOptions {
  readonly threads: number;
  readonly runs: readonly ObjectRun[];
  readonly bytes: number;
}

/** Verifies on threads. A part that a failed thread leaves is verified here: an error of the storage has its own class and message. */
async function onThreads(
  context: CommandContext,
  source: JournalExport,
  { manifests, blocks, anchors, threads, runs, bytes: totalBytes }: ThreadsOptions,
): Promise<VerificationReport> {
  const input = { env: context.terminal.env, manifests, blocks, anchors: toJsonAnchors(anchors) };
  return withProgress(context, "verifying", "bytes", async (onBytes) => {
    const pool = new VerifyThreads(Math.min(threads, runs.length), input);
    const verified = new Map<ObjectRun, number>();
    const count = (run: ObjectRun, bytes: number): void => {
      verified.set(run, bytes);
      onBytes(sum([...verified.values()]), totalBytes);
    };
    const verifyHere = oneByOne((run: ObjectRun) =>
      verifyRun(source, run, {
        ...anchors,
        onProgress: ({ bytes }) => {
          count(run, bytes);
        },
      }),
    );
    try {
      return await verifyInRuns(source, runs, anchors, async (run) => {
        const part = await pool.verify(run, (bytes) => {
          count(run, bytes);
        });
        return part ?? (await verifyHere(run));
      });
    } finally {
      await pool.close();
    }
  });
}

/** Makes calls wait for one another. After one that fails, those that wait fail too. */
function oneByOne<A, R>(work: (argument: A) => Promise<R>): (argument: A) => Promise<R> {
  let last: Promise<unknown> = Promise.resolve();
  return (argument) => {
    const next = last.then(() => work(argument));
    last = next;
    return next;
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}
