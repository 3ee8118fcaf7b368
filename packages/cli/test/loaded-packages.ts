// SPDX-License-Identifier: MIT
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const PACKAGES = join(__dirname, "..", "..");
const SCOPE = "@ledger-loader/";
const MAIN = join(__dirname, "..", "dist", "main.js");

/** Runs the built command line as a process that tells which packages it has loaded when it ends. */
export class PackageWatch {
  readonly #folder: string;
  readonly #hook: string;

  /** @param folder - an empty one, for what the processes tell */
  constructor(folder: string) {
    this.#folder = folder;
    this.#hook = join(folder, "hook.cjs");
    const file = `require("node:path").join(__dirname, process.pid + ".json")`;
    const told = "JSON.stringify(Object.keys(require.cache))";
    writeFileSync(
      this.#hook,
      `process.on("exit", () => require("node:fs").writeFileSync(${file}, ${told}));`,
    );
  }

  /**
   * Runs a command line to its end and returns the packages that it loaded, sorted: of this project, and those that its packages name
   * as dependencies. What those load in turn is left out, and so are packages of this project of which it loaded single files.
   *
   * @param stopAt - what the program prints when it is to be stopped. Default: it ends by itself.
   * @throws if it ends with another exit code than 0.
   */
  async run(
    words: readonly string[],
    env: Readonly<Record<string, string>>,
    stopAt?: string,
  ): Promise<readonly string[]> {
    const child = spawn(process.execPath, ["--require", this.#hook, MAIN, ...words], {
      env: { PATH: process.env["PATH"] ?? "", AWS_REGION: "eu-west-1", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let printed = "";
    let isStopped = false;
    const note = (chunk: Buffer): void => {
      printed += chunk.toString();
      // A second signal would end the process as it is.
      if (isStopped || stopAt === undefined || !printed.includes(stopAt)) return;
      isStopped = child.kill("SIGTERM");
    };
    child.stdout.on("data", note);
    child.stderr.on("data", note);
    const [code] = (await once(child, "close")) as [number];
    if (code !== 0) throw new Error(`${words.join(" ")} ended with ${code}: ${printed}`);
    const files = JSON.parse(readFileSync(join(this.#folder, `${child.pid ?? 0}.json`), "utf8")) as string[];
    return [...new Set(files.map(packageOf))].filter((name) => WATCHED.has(name)).sort();
  }
}

/** The packages that the command line is made of, and what they depend on. Parts of the AWS SDK's own are left out. */
const WATCHED: ReadonlySet<string> = watchedOf("cli");

function watchedOf(folder: string): ReadonlySet<string> {
  const file = readFileSync(join(PACKAGES, folder, "package.json"), "utf8");
  const { dependencies, peerDependencies } = JSON.parse(file) as Manifest;
  const names = Object.keys({ ...dependencies, ...peerDependencies });
  const own = names.filter((name) => name.startsWith(SCOPE));
  const theirs = own.flatMap((name) => [...watchedOf(name.slice(SCOPE.length))]);
  return new Set([...names, ...theirs].filter((name) => !isPartOfSdk(name)));
}

/** True for what every client of AWS loads, too. */
function isPartOfSdk(name: string): boolean {
  return (
    name.startsWith("@smithy/") || (name.startsWith("@aws-sdk/") && !name.startsWith("@aws-sdk/client-"))
  );
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

function packageOf(file: string): string {
  const installed = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1];
  return installed ?? `${SCOPE}${/\/packages\/([^/]+)\/dist\/index\.js$/.exec(file)?.[1] ?? ""}`;
}
