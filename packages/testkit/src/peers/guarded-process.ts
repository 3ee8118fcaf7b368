// SPDX-License-Identifier: MIT
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { LedgerLoaderError } from "@ledger-loader/errors";

/** A service that a test started did not come up, or ended before its time. */
export class TestServiceError extends LedgerLoaderError {
  readonly code = "TEST_SERVICE_FAILED";
}

/** The program to run, and the sign that it is ready. */
export interface GuardedProcessOptions {
  /** For messages: "Apache Kafka". */
  readonly name: string;
  /** An absolute path, or a name on the PATH. */
  readonly command: string;
  /** Work folder of the process, and what the process needs to find there; removed when the process has ended. */
  readonly folder: string;
  readonly args: readonly string[];
  /** Default: this process's environment. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Resolves once the service answers; rejects, or resolves to `false`, as long as it does not. It is asked repeatedly. */
  readonly isReady: () => Promise<boolean>;
  /** How long to wait until it is ready; it only ends what hangs. Default: 240,000. */
  readonly readyWithinMs?: number;
  /** A clock in milliseconds, for tests. Default: this machine's. */
  readonly now?: () => number;
}

/** A process that ends with the process that started it, whatever happens to that one. */
export interface GuardedProcess {
  /** Of the process as it runs now; it changes with a restart. */
  readonly pid: number;
  /** Kills the process, as a power cut would, starts it anew in the same folder and waits until it is ready. */
  restart(): Promise<void>;
  /** Kills the process and removes its folder. */
  close(): Promise<void>;
}

const LOG_FILE = "output.log";
const ASK_AGAIN_MS = 100;
const ONE_QUESTION_MS = 5_000;

/** Creates a folder in the system's temporary folder for one test service. */
export function serviceFolder(name: string): string {
  return mkdtempSync(path.join(tmpdir(), `ledger-loader-${name}-`));
}

/**
 * Starts a process under a guard, a small process of its own that kills it and removes its folder once the channel to
 * this process closes: on {@link GuardedProcess.close}, and when this process ends in any way.
 *
 * @throws TestServiceError with the end of the process's output if it does not get ready in time
 */
export async function startGuardedProcess(options: GuardedProcessOptions): Promise<GuardedProcess> {
  const guard = fork(path.join(__dirname, "../..", "emulator", "process-guard.mjs"), { execArgv: [] });
  const state = watch(guard);
  const { name: _, isReady: __, readyWithinMs: ___, now: ____, ...task } = options;
  guard.send({ run: { env: process.env, ...task, logFile: path.join(options.folder, LOG_FILE) } });
  const close = () => closeGuard(guard);
  try {
    await waitUntilReady(options, state);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    get pid() {
      return state.pid ?? 0;
    },
    restart: async () => {
      const old = state.pid;
      guard.send({ restart: true });
      while (state.pid === old && state.failure === undefined) await delay(10);
      await waitUntilReady(options, state);
    },
    close,
  };
}

interface GuardState {
  pid: number | undefined;
  failure: string | undefined;
}

function watch(guard: ChildProcess): GuardState {
  const state: GuardState = { pid: undefined, failure: undefined };
  guard.on("message", (message: { started?: number; failed?: string }) => {
    state.pid = message.started ?? state.pid;
    state.failure = message.failed ?? state.failure;
  });
  guard.on("exit", () => {
    state.failure ??= "its guard ended";
  });
  return state;
}

async function waitUntilReady(options: GuardedProcessOptions, state: GuardState): Promise<void> {
  const { readyWithinMs: within = 240_000, now = Date.now } = options;
  const deadline = now() + within;
  while (now() < deadline) {
    if (state.failure !== undefined) throw notStarted(options, state.failure);
    if (state.pid !== undefined && (await answers(options.isReady))) return;
    await delay(ASK_AGAIN_MS);
  }
  throw notStarted(options, `it did not get ready within ${within} ms`);
}

/** A service that is starting may refuse, break off or never answer: all of that means "not yet". */
async function answers(isReady: () => Promise<boolean>): Promise<boolean> {
  const patience = new AbortController();
  try {
    return await Promise.race([
      isReady(),
      delay(ONE_QUESTION_MS, false, { signal: patience.signal, ref: false }),
    ]);
  } catch {
    return false;
  } finally {
    patience.abort();
  }
}

function notStarted(options: GuardedProcessOptions, reason: string): TestServiceError {
  return new TestServiceError(
    `Expected ${options.name} to start, but ${reason}. The end of its output:\n${endOfLog(options.folder)}`,
  );
}

function endOfLog(folder: string): string {
  try {
    return readFileSync(path.join(folder, LOG_FILE), "utf8").split("\n").slice(-20).join("\n");
  } catch {
    return "(none)";
  }
}

async function closeGuard(guard: ChildProcess): Promise<void> {
  if (guard.exitCode !== null || guard.signalCode !== null) return;
  const exited = once(guard, "exit");
  guard.disconnect();
  await exited;
}
