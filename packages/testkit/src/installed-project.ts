// SPDX-License-Identifier: MIT
import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { buildPackage } from "./build-package";
import { TestServiceError } from "./peers/guarded-process";
import type { Readiness } from "./peers/peer-availability";

const SCOPE = "@ledger-loader/";

/** How a program that a test ran ended. */
export interface ProgramResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Tells whether npm's registry answers: projects of {@link PackedPackages} fetch from it what the packages depend on. */
export function registryReadiness(): Readiness {
  try {
    execFileSync("npm", ["view", "commander", "version"], { stdio: "ignore", timeout: 30_000 });
    return { available: true };
  } catch {
    return { available: false, reason: "npm's registry does not answer" };
  }
}

/** The published packages of a workspace, packed as the registry would get them, and empty projects that install them. */
export class PackedPackages {
  readonly #folder: string;
  readonly #tarballs: ReadonlyMap<string, string>;
  readonly #dependencies: ReadonlyMap<string, readonly string[]>;

  private constructor(
    folder: string,
    tarballs: ReadonlyMap<string, string>,
    dependencies: ReadonlyMap<string, readonly string[]>,
  ) {
    this.#folder = folder;
    this.#tarballs = tarballs;
    this.#dependencies = dependencies;
  }

  /**
   * Builds and packs the packages.
   *
   * @param root - the workspace, which has `scripts/pack.mjs`
   */
  static async pack(root: string): Promise<PackedPackages> {
    buildPackage(root);
    const folder = mkdtempSync(join(tmpdir(), "installed-"));
    const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      readonly packageManager: string;
    };
    const words = [join(root, "scripts", "pack.mjs"), join(folder, "packed"), "npx", "--yes", packageManager];
    const { exitCode, stdout, stderr } = await runProgram(root, process.execPath, words);
    if (exitCode !== 0) throw new TestServiceError(stderr);
    const files = stdout.trim().split("\n");
    const manifests = files.map((file) => readManifest(file));
    return new PackedPackages(
      folder,
      new Map(manifests.map(({ name }, i) => [shortName(name), files[i] ?? ""])),
      new Map(manifests.map(({ name, dependencies = {} }) => [shortName(name), ours(dependencies)])),
    );
  }

  /**
   * Makes an empty project and installs packages into it with npm.
   *
   * @param ours - short names: `sqs`. Those of ours that they depend on are installed with them.
   * @param others - as npm takes them: `typescript@5`, or a folder
   * @returns the project's folder
   */
  async install(project: string, ours: readonly string[], others: readonly string[] = []): Promise<string> {
    const folder = join(this.#folder, project);
    mkdirSync(folder);
    const manifest = { name: project, version: "1.0.0", private: true };
    writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
    const tarballs = [...this.#withDependencies(ours)].map((name) => this.#tarballs.get(name) ?? name);
    const words = ["install", "--no-audit", "--no-fund", "--prefer-offline", ...tarballs, ...others];
    const { exitCode, stderr } = await runProgram(folder, "npm", words);
    if (exitCode !== 0) throw new TestServiceError(`npm ${words.join(" ")}: ${stderr}`);
    return folder;
  }

  /** No registry has them, so npm must be given all. */
  #withDependencies(names: readonly string[], found = new Set<string>()): ReadonlySet<string> {
    for (const name of names.filter((each) => !found.has(each))) {
      found.add(name);
      this.#withDependencies(this.#dependencies.get(name) ?? [], found);
    }
    return found;
  }

  /** Removes the packages and all projects. */
  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

function readManifest(tarball: string): Manifest {
  return JSON.parse(
    execFileSync("tar", ["-xzOf", tarball, "package/package.json"], { encoding: "utf8" }),
  ) as Manifest;
}

const shortName = (name: string): string => name.slice(SCOPE.length);
const ours = (dependencies: Readonly<Record<string, string>>): string[] =>
  Object.keys(dependencies)
    .filter((name) => name.startsWith(SCOPE))
    .map(shortName);

/** Runs a program in a folder, without what the test runner put into the environment. */
export async function runProgram(
  cwd: string,
  program: string,
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<ProgramResult> {
  const { NODE_ENV: _, NODE_OPTIONS: __, JEST_WORKER_ID: ___, ...inherited } = process.env;
  try {
    const options = { cwd, env: { ...inherited, ...env }, maxBuffer: 2 ** 26 };
    return { exitCode: 0, ...(await promisify(execFile)(program, words, options)) };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: unknown; stdout: string; stderr: string };
    if (typeof code === "number") return { exitCode: code, stdout, stderr };
    throw error;
  }
}
