// SPDX-License-Identifier: MIT
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";

/** The work of a child process: a question and its answer. */
export type Task = (message: unknown) => Promise<unknown>;

/** A process of its own that answers messages, one at a time. */
export interface Child {
  ask(message: unknown): Promise<unknown>;
  /** Ends it and waits until it has ended. */
  stop(): Promise<void>;
}

/** How the program is told to be a child; it is no option for users. */
export const CHILD_OPTION = "--child";

type Reply = { readonly value: unknown } | { readonly error: string };

/** Starts this very program again, to do one of its tasks by name. */
export function startChild(task: string): Child {
  const [, program = ""] = process.argv;
  const child = fork(program, [CHILD_OPTION, task], { serialization: "advanced" });
  return {
    ask: (message) => ask(child, message),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, "exit");
      child.disconnect();
      await exited;
    },
  };
}

async function ask(child: ChildProcess, message: unknown): Promise<unknown> {
  const answered = new AbortController();
  const { signal } = answered;
  child.send(message as object);
  try {
    const reply = await Promise.race([
      once(child, "message", { signal }).then(([value]) => value as Reply),
      once(child, "exit", { signal }).then((): Reply => ({ error: "it ended" })),
    ]);
    if ("error" in reply) throw new Error(`Expected an answer from the child process, found: ${reply.error}`);
    return reply.value;
  } finally {
    // Takes away the listener that lost the race.
    answered.abort();
  }
}

/** Answers the parent's messages by `task` until the parent hangs up; then cleans up, and the process can end. */
export function answerParent(task: Task, cleanUp: () => Promise<void> = () => Promise.resolve()): void {
  process.on("message", (message) => {
    task(message).then(
      (value) => process.send?.({ value }),
      (error: unknown) => process.send?.({ error: String(error) }),
    );
  });
  process.once("disconnect", () => void cleanUp());
}
