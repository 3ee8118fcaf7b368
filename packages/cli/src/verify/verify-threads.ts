// SPDX-License-Identifier: MIT
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { JsonAnchors, ObjectRun, SequenceRange, VerificationPart } from "@ledger-loader/export";
import type { Terminal } from "../output/terminal";

/** What a worker thread gets at its start. */
export interface WorkerInput {
  readonly env: Terminal["env"];
  readonly manifests: readonly string[];
  /** The range of blocks whose data objects make up the export, if not all. */
  readonly blocks: Partial<SequenceRange> | undefined;
  readonly anchors: JsonAnchors;
}

/** What a worker thread sends. */
export type WorkerAnswer =
  /** The bytes of the present run that were verified so far. */
  | { readonly kind: "progress"; readonly bytes: number }
  | { readonly kind: "part"; readonly part: VerificationPart };

/** Worker threads that verify runs of one export, each the next run that is left. */
export class VerifyThreads {
  readonly #onBytes: (bytes: number) => void;
  readonly #workers: readonly Worker[];
  readonly #idle: Worker[];
  readonly #waiting: ((worker: Worker) => void)[] = [];
  readonly #failed: Promise<never>;
  #bytes = 0;

  /**
   * @param threads - how many
   * @param onBytes - called with the bytes that all threads have verified
   */
  constructor(threads: number, input: WorkerInput, onBytes: (bytes: number) => void) {
    this.#onBytes = onBytes;
    const program = join(__dirname, "verify-worker.js");
    // A copy of the environment: a process's own cannot be sent.
    const workerData: WorkerInput = { ...input, env: { ...input.env } };
    this.#workers = Array.from({ length: threads }, () => new Worker(program, { workerData }));
    this.#idle = [...this.#workers];
    this.#failed = new Promise((_, reject) => {
      for (const worker of this.#workers) {
        worker.on("error", reject).on("exit", () => {
          reject(new Error("a worker thread ended"));
        });
      }
    });
    // Of those who wait for runs: without any, a failure has no meaning.
    this.#failed.catch(() => undefined);
  }

  /** Verifies a run on a thread that has nothing to do. Rejects if a thread fails. */
  async verify(run: ObjectRun): Promise<VerificationPart> {
    const free = this.#idle.pop() ?? new Promise<Worker>((resolve) => this.#waiting.push(resolve));
    const worker = await Promise.race([free, this.#failed]);
    const part = await Promise.race([this.#verifyOn(worker, run), this.#failed]);
    const next = this.#waiting.shift();
    if (next === undefined) this.#idle.push(worker);
    else next(worker);
    return part;
  }

  /** Ends the threads, whatever they do. */
  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #verifyOn(worker: Worker, run: ObjectRun): Promise<VerificationPart> {
    let counted = 0;
    return new Promise((resolve) => {
      const listen = (answer: WorkerAnswer): void => {
        const bytes = answer.kind === "progress" ? answer.bytes : answer.part.bytes;
        this.#bytes += bytes - counted;
        counted = bytes;
        this.#onBytes(this.#bytes);
        if (answer.kind === "progress") return;
        worker.off("message", listen);
        resolve(answer.part);
      };
      worker.on("message", listen);
      worker.postMessage(run);
    });
  }
}
