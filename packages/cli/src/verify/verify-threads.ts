// SPDX-License-Identifier: MIT
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { JsonAnchors, ObjectRun, SequenceRange, VerificationPart } from "@ledger-loader/export";
import type { Terminal } from "../output/terminal";

/** The input of a worker thread. */
export interface WorkerInput {
  readonly env: Terminal["env"];
  readonly manifests: readonly string[];
  /** The range of blocks whose data objects make up the export, if not all. */
  readonly blocks: Partial<SequenceRange> | undefined;
  readonly anchors: JsonAnchors;
}

/** A message of a worker thread. */
export type WorkerAnswer =
  /** The bytes of the present run that were verified so far. */
  | { readonly kind: "progress"; readonly bytes: number }
  | { readonly kind: "part"; readonly part: VerificationPart };

/** Worker threads that verify runs of one export, each the next run that is left. A thread that fails is not replaced. */
export class VerifyThreads {
  readonly #alive: Set<Worker>;
  readonly #idle: Worker[];
  readonly #waiting: ((worker: Worker | undefined) => void)[] = [];

  /**
   * @param threads - how many
   * @param program - what each thread runs
   */
  constructor(threads: number, input: WorkerInput, program: string = join(__dirname, "verify-worker.js")) {
    // A copy of the environment: a process's own cannot be sent.
    const workerData: WorkerInput = { ...input, env: { ...input.env } };
    this.#idle = Array.from({ length: threads }, () => new Worker(program, { workerData }));
    this.#alive = new Set(this.#idle);
    for (const worker of this.#alive) {
      const lose = (): void => {
        this.#lose(worker);
      };
      worker.once("error", lose).once("exit", lose);
    }
  }

  /**
   * Verifies a run on a thread that has nothing to do.
   *
   * @param onBytes - called with the bytes of the run that were verified so far
   * @returns `undefined` if the thread fails, or all threads have failed: the run is then not verified
   */
  async verify(run: ObjectRun, onBytes: (bytes: number) => void): Promise<VerificationPart | undefined> {
    const worker = await this.#take();
    const part = worker && (await verifyOn(worker, run, onBytes));
    if (worker !== undefined && part !== undefined) this.#release(worker);
    return part;
  }

  /** Ends the threads, whatever they do. */
  async close(): Promise<void> {
    await Promise.all([...this.#alive].map((worker) => worker.terminate()));
  }

  #take(): Promise<Worker | undefined> | Worker | undefined {
    if (this.#alive.size === 0) return undefined;
    return this.#idle.pop() ?? new Promise((resolve) => this.#waiting.push(resolve));
  }

  #release(worker: Worker): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#idle.push(worker);
    else next(worker);
  }

  #lose(worker: Worker): void {
    this.#alive.delete(worker);
    const at = this.#idle.indexOf(worker);
    if (at >= 0) this.#idle.splice(at, 1);
    if (this.#alive.size > 0) return;
    for (const resolve of this.#waiting.splice(0)) resolve(undefined);
  }
}

function verifyOn(
  worker: Worker,
  run: ObjectRun,
  onBytes: (bytes: number) => void,
): Promise<VerificationPart | undefined> {
  return new Promise((resolve) => {
    const end = (part: VerificationPart | undefined): void => {
      worker.off("message", listen).off("exit", lose);
      resolve(part);
    };
    const lose = (): void => {
      end(undefined);
    };
    const listen = (answer: WorkerAnswer): void => {
      onBytes(answer.kind === "progress" ? answer.bytes : answer.part.bytes);
      if (answer.kind === "part") end(answer.part);
    };
    worker.on("message", listen).once("exit", lose);
    worker.postMessage(run);
  });
}
