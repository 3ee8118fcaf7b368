// SPDX-License-Identifier: MIT
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { findUpwards } from "../find-upwards";
import { type Connection, type Message, type Target, toLanes, type WayOfLoading } from "./way-of-loading";

const PROGRAM = "packages/bench/java/EventByEvent.java";
const ENVIRONMENT = { AWS_ACCESS_KEY_ID: "local", AWS_SECRET_ACCESS_KEY: "local", AWS_REGION: "us-east-1" };

/** How Java is started. */
export interface JavaOptions {
  readonly classPath: string;
  /** Of the virtual machine. */
  readonly options: readonly string[];
}

/** The program on the official Java driver: one process for all rounds, so that its code is compiled when it is measured. */
export class JavaLoader {
  readonly #folder: string;
  readonly #process: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #answers: AsyncIterator<string>;
  #errors = "";

  private constructor(folder: string, { classPath, options }: JavaOptions) {
    this.#folder = folder;
    this.#process = spawn("java", [...options, "-cp", classPath, findUpwards(PROGRAM)], {
      env: { ...process.env, ...ENVIRONMENT },
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.#answers = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
    this.#process.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#errors = (this.#errors + text).slice(-4000);
    });
  }

  static async start(options: JavaOptions): Promise<JavaLoader> {
    return new JavaLoader(await mkdtemp(path.join(tmpdir(), "java-bench-")), options);
  }

  /** One event per transaction, on threads that know nothing of each other. */
  eventByEvent(threads: number): WayOfLoading {
    return {
      name: `Java, ${threads === 1 ? "1 thread" : `${threads} threads`}`,
      open: (target) => this.#open(target, threads),
    };
  }

  async stop(): Promise<void> {
    const isRunning = this.#process.exitCode === null && this.#process.signalCode === null;
    this.#process.stdin.end();
    if (isRunning) await once(this.#process, "exit");
    await rm(this.#folder, { recursive: true });
  }

  async #open({ endpoint, ledgerName }: Target, threads: number): Promise<Connection> {
    await this.#ask(`open ${endpoint} ${ledgerName} ${threads}`);
    return {
      load: (messages) => this.#load(messages, threads),
      readCpuMs: async () => Number(await this.#ask("cpu")),
      close: async () => {
        await this.#ask("close");
      },
    };
  }

  async #load(messages: readonly Message[], threads: number): Promise<void> {
    const files: string[] = [];
    for (const [index, lane] of toLanes(messages, threads).entries()) {
      const file = path.join(this.#folder, `lane-${index}.ion`);
      await writeFile(file, lane.join("\n"));
      files.push(file);
    }
    const loaded = Number(await this.#ask(`load ${files.join(" ")}`));
    if (loaded === messages.length) return;
    throw new Error(`Expected the Java program to load ${messages.length} events, found ${loaded}.`);
  }

  async #ask(command: string): Promise<string> {
    this.#process.stdin.write(`${command}\n`);
    const answer = await this.#answers.next();
    if (answer.done !== true) return answer.value;
    throw new Error(`Expected an answer from the Java program, found its end:\n${this.#errors}`);
  }
}
