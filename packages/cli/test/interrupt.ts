// SPDX-License-Identifier: MIT
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** How a process is interrupted: asked to stop, or killed. */
export type Interruption = "SIGINT" | "SIGTERM" | "SIGKILL";

/**
 * Runs the built program in a process of its own, interrupts it at a moment, and returns its exit code with the document that it
 * printed; the latter not if it was killed.
 *
 * @param moment resolves when it is time.
 * @param onAsked called once the process has heard that it is to stop.
 */
export async function interrupt(
  words: readonly string[],
  env: Readonly<Record<string, string>>,
  signal: Interruption,
  moment: () => Promise<void>,
  onAsked: () => void = () => undefined,
): Promise<Record<string, unknown>> {
  const main = join(__dirname, "..", "dist", "main.js");
  const child = spawn(process.execPath, [main, ...words, "--json"], {
    env: { PATH: process.env["PATH"], ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => (said.stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (said.stderr += chunk.toString()));
  const closed = once(child, "close") as Promise<[number | null, string | null]>;
  const early = closed.then(() => {
    throw new Error(
      `Expected the process to run until it is interrupted, found that it ended: ${said.stderr}`,
    );
  });
  // It ends in any case, and is waited for below.
  early.catch(() => undefined);
  await Promise.race([moment(), early]);
  child.kill(signal);
  if (signal === "SIGKILL") {
    await closed;
    return {};
  }
  while (!said.stderr.includes("stopping") && child.exitCode === null) await sleep(1);
  onAsked();
  const [exitCode] = await closed;
  return { exitCode, ...(JSON.parse(said.stdout) as Record<string, unknown>) };
}
