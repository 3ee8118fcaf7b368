// SPDX-License-Identifier: MIT
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** The output of a command and how it ended. */
export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface CommandAnswer extends CommandResult {
  readonly id: number;
}

/** One process that runs many commands of the built program: a process for each would spend its time on loading modules. */
export class CommandProcess {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (result: CommandResult) => void>();
  #output = "";
  #next = 0;

  constructor() {
    this.#child = fork(join(__dirname, "run-commands.cjs"), {
      env: { PATH: process.env["PATH"], AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
      execArgv: [],
      silent: true,
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on("data", (chunk: Buffer) => (this.#output += chunk.toString()));
    }
    this.#child.on("message", ({ id, ...result }: CommandAnswer) => {
      this.#waiting.get(id)?.(result);
      this.#waiting.delete(id);
    });
  }

  run(
    words: readonly string[],
    {
      env = {},
      stdin = "",
    }: { readonly env?: Readonly<Record<string, string>>; readonly stdin?: string } = {},
  ): Promise<CommandResult> {
    const id = this.#next++;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#child.send({ id, words, env, stdin });
    });
  }

  /**
   * Lets the process end, which it does by itself when no command has left anything open.
   *
   * @returns its exit code, and what came out of it past the commands' own streams.
   */
  async close(): Promise<{ readonly exitCode: number | null; readonly output: string }> {
    const { stdout, stderr } = this.#child;
    const ended = Promise.all([stdout && once(stdout, "end"), stderr && once(stderr, "end")]);
    const exited = once(this.#child, "exit") as Promise<[number | null]>;
    this.#child.disconnect();
    const [exitCode] = await exited;
    await ended;
    return { exitCode, output: this.#output };
  }
}
