// SPDX-License-Identifier: MIT
import { spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import path from "node:path";
import { RuntimeApi, type LambdaResult } from "./lambda-runtime-api";
import { requirePeer } from "./peer-availability";

/** A function whose code runs as it does in AWS Lambda: in a process of its own that talks to the Runtime API. */
export interface LambdaFunction {
  /** Invokes the function and waits for its answer, after those that were invoked before: one at a time, as one instance does. */
  invoke(event: unknown): Promise<LambdaResult>;
  /** How many processes were started so far: the first invocation starts one, and each after a time-out or a crash. */
  readonly coldStarts: number;
  /** The function's output on stdout and stderr so far. */
  readonly log: string;
  /** Ends the function's process. */
  close(): Promise<void>;
}

/** The function to run, and its bounds. */
export interface LambdaFunctionOptions {
  /** Where the deployed code is. */
  readonly codeFolder: string;
  /** `file.export`, as in Lambda. Default: `index.handler`. */
  readonly handler?: string;
  /** Environment variables of the function. Of this process's it sees PATH only. */
  readonly environment?: Readonly<Record<string, string>>;
  /** After how long an invocation is killed. Default: 30,000. */
  readonly timeoutMs?: number;
  /**
   * `own` is a small client that is always there. `aws-lambda-ric` is the one that AWS's images use; see
   * `peerAvailability("aws-lambda-ric")`. Default: `own`.
   */
  readonly runtimeClient?: "own" | "aws-lambda-ric";
}

const FUNCTION_NAME = "function";
const DEFAULT_TIMEOUT_MS = 30_000;

/**
 * Prepares a function; its process starts with the first invocation, as in Lambda.
 *
 * A time-out kills the process in the middle of what it does; an exit fails the invocation with `Runtime.ExitError`. Both
 * leave the next invocation to a new process.
 *
 * @throws TestServiceError if the runtime client asked for is not available
 */
export async function startLambda(options: LambdaFunctionOptions): Promise<LambdaFunction> {
  const api = await RuntimeApi.start(options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const [command, ...args] = runtimeCommand(options);
  const env = environmentOf(options, api);
  let instance: Instance | undefined;
  let coldStarts = 0;
  let log = "";
  const start = () => {
    coldStarts++;
    const child = spawn(command, args, { cwd: options.codeFolder, env, stdio: ["ignore", "pipe", "pipe"] });
    const keep = (chunk: Buffer) => {
      log += chunk.toString();
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    return new Instance(child, api);
  };
  let previous: Promise<unknown> = Promise.resolve();
  return {
    invoke: (event) => {
      const invocation = previous.then(async () => {
        if (instance === undefined || instance.ended) instance = start();
        return instance.invoke(event);
      });
      previous = invocation;
      return invocation;
    },
    get coldStarts() {
      return coldStarts;
    },
    get log() {
      return log;
    },
    close: async () => {
      await instance?.kill();
      await api.close();
    },
  };
}

/** One process. */
class Instance {
  readonly #child: ChildProcess;
  readonly #api: RuntimeApi;
  readonly #exit: Promise<LambdaResult>;
  ended = false;

  constructor(child: ChildProcess, api: RuntimeApi) {
    this.#child = child;
    this.#api = api;
    const killWithParent = () => child.kill("SIGKILL");
    process.once("exit", killWithParent);
    this.#exit = new Promise((resolve) => {
      child.once("close", (code, signal) => {
        this.ended = true;
        process.removeListener("exit", killWithParent);
        const how = signal === null ? `exit status ${String(code)}` : `signal: ${signal}`;
        const errorMessage = `Runtime exited with error: ${how}`;
        resolve({ status: "error", errorType: "Runtime.ExitError", errorMessage });
      });
    });
  }

  async invoke(event: unknown): Promise<LambdaResult> {
    const answered = this.#api.invoke(randomUUID(), event);
    const exited = this.#exit.then((result) => ({ result, endInstance: true }));
    const { result, endInstance } = await Promise.race([answered, exited]);
    if (endInstance) {
      await this.kill();
      this.#api.abandon();
    }
    return result;
  }

  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#exit;
  }
}

function runtimeCommand(options: LambdaFunctionOptions): [string, ...string[]] {
  if (options.runtimeClient !== "aws-lambda-ric") {
    return [process.execPath, path.join(__dirname, "../..", "emulator", "lambda-runtime-client.cjs")];
  }
  const modules = path.join(requirePeer("aws-lambda-ric"), "node_modules");
  return [process.execPath, path.join(modules, "aws-lambda-ric", "index.mjs"), handlerOf(options)];
}

function handlerOf(options: LambdaFunctionOptions): string {
  return options.handler ?? "index.handler";
}

/** The variables that Lambda documents as set by every runtime. */
function environmentOf(options: LambdaFunctionOptions, api: RuntimeApi): NodeJS.ProcessEnv {
  return {
    ...(process.env["PATH"] !== undefined && { PATH: process.env["PATH"] }),
    AWS_REGION: "us-east-1",
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "lambda",
    AWS_SECRET_ACCESS_KEY: "lambda",
    AWS_EXECUTION_ENV: `AWS_Lambda_nodejs${process.versions.node.split(".")[0] ?? ""}.x`,
    AWS_LAMBDA_FUNCTION_NAME: FUNCTION_NAME,
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "512",
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${FUNCTION_NAME}`,
    AWS_LAMBDA_LOG_STREAM_NAME: "0000/00/00/[$LATEST]0",
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_RUNTIME_API: api.address,
    LAMBDA_TASK_ROOT: options.codeFolder,
    LAMBDA_RUNTIME_DIR: "/var/runtime",
    TZ: ":UTC",
    ...options.environment,
    _HANDLER: handlerOf(options),
  };
}
