// SPDX-License-Identifier: MIT
import { appendFileSync, chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { PROGRAM } from "../program-name";
import type { Terminal } from "../output/terminal";

/** Statements that are kept. */
export const HISTORY_MAX = 1_000;

/** The file of the history: in the user's folder for state (XDG). `undefined` where the environment names no home. */
export function historyFile(env: Terminal["env"]): string | undefined {
  const { XDG_STATE_HOME: state = "", HOME: home = "", LOCALAPPDATA: local = "" } = env;
  if (state.startsWith("/")) return join(state, PROGRAM, "history");
  if (home !== "") return join(home, ".local", "state", PROGRAM, "history");
  return local === "" ? undefined : join(local, PROGRAM, "history");
}

/** The statements typed before, in a file that only this user may read: statements can hold personal data. */
export class ShellHistory {
  readonly #file: string | undefined;
  readonly #onProblem: (problem: string) => void;
  #isBroken = false;

  /**
   * @param file - `undefined` keeps nothing
   * @param onProblem - told once if the file cannot be used
   */
  constructor(file: string | undefined, onProblem: (problem: string) => void) {
    this.#file = file;
    this.#onProblem = onProblem;
  }

  /** The kept statements, the newest first. */
  read(): string[] {
    const file = this.#file;
    if (file === undefined) return [];
    let lines: string[] = [];
    this.#attempt(() => {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      // Makes the file, with its mode, where there is none.
      appendFileSync(file, "", { mode: 0o600 });
      chmodSync(file, 0o600);
      lines = readFileSync(file, "utf8")
        .split("\n")
        .filter((line) => line !== "");
      if (lines.length > HISTORY_MAX) writeFileSync(file, `${lines.slice(-HISTORY_MAX).join("\n")}\n`);
    });
    return lines.slice(-HISTORY_MAX).reverse();
  }

  /** Keeps one more statement, which is on one line. */
  add(line: string): void {
    const file = this.#file;
    if (file === undefined) return;
    this.#attempt(() => {
      appendFileSync(file, `${line}\n`, { mode: 0o600 });
    });
  }

  #attempt(work: () => void): void {
    if (this.#isBroken) return;
    try {
      work();
    } catch (error) {
      this.#isBroken = true;
      const { code = "an error" } = error as NodeJS.ErrnoException;
      this.#onProblem(`the history is not kept: ${this.#file ?? ""} cannot be used (${code})`);
    }
  }
}
