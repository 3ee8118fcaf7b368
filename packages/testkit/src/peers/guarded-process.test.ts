// SPDX-License-Identifier: MIT
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "@jest/globals";
import { serviceFolder, startGuardedProcess, TestServiceError } from "./guarded-process";

const NODE = process.execPath;

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Waits for what happens by itself; only the test's own timeout ends it. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** A clock that stands still until the process has printed what is looked for; then all time is over. */
function clockUntilPrinted(folder: string, text: string): () => number {
  const log = path.join(folder, "output.log");
  return () => (existsSync(log) && readFileSync(log, "utf8").includes(text) ? Infinity : 0);
}

it("waits until the process is ready, and leaves nothing behind when closed", async () => {
  const folder = serviceFolder("guard-test");
  const code = "setTimeout(() => fs.writeFileSync('ready', ''), 300); setInterval(() => undefined, 1000)";
  const service = await startGuardedProcess({
    name: "a service",
    command: NODE,
    args: ["-e", code],
    folder,
    isReady: () => Promise.resolve(existsSync(path.join(folder, "ready"))),
  });
  const { pid } = service;
  expect(isAlive(pid)).toBe(true);
  await service.close();
  expect(isAlive(pid)).toBe(false);
  expect(existsSync(folder)).toBe(false);
  await service.close();
});

it("restarts the process in its folder", async () => {
  const folder = serviceFolder("guard-test");
  writeFileSync(path.join(folder, "kept"), "");
  const code = "fs.writeFileSync('by-' + process.pid, ''); setInterval(() => undefined, 1000)";
  const service = await startGuardedProcess({
    name: "a service",
    command: NODE,
    args: ["-e", code],
    folder,
    isReady: () => Promise.resolve(readdirSync(folder).some((file) => file.startsWith("by-"))),
  });
  const before = service.pid;
  await service.restart();
  expect(service.pid).not.toBe(before);
  expect(isAlive(before)).toBe(false);
  await until(() => existsSync(path.join(folder, `by-${service.pid}`)));
  expect(existsSync(path.join(folder, "kept"))).toBe(true);
  await service.close();
});

it.each([
  [
    "ends at once",
    "console.log('no port left'); process.exit(7)",
    /exited with code 7[^]*no port left/,
    "no time is over",
  ],
  [
    "never gets ready",
    "console.log('still loading'); setInterval(() => undefined, 1000)",
    /within 500 ms[^]*still loading/,
    "still loading",
  ],
])("says what a process that %s had printed", async (_, code, message, timeIsOverAt) => {
  const folder = serviceFolder("guard-test");
  const starting = startGuardedProcess({
    name: "a service",
    command: NODE,
    args: ["-e", code],
    folder,
    isReady: () => Promise.reject(new Error("connection refused")),
    readyWithinMs: 500,
    now: clockUntilPrinted(folder, timeIsOverAt),
  });
  const error = await starting.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(TestServiceError);
  expect((error as Error).message).toMatch(message);
  expect(existsSync(folder)).toBe(false);
});

it("says that a command is not there", async () => {
  const folder = serviceFolder("guard-test");
  const starting = startGuardedProcess({
    name: "a service",
    command: "no-such-command",
    args: [],
    folder,
    isReady: () => Promise.resolve(false),
  });
  await expect(starting).rejects.toThrow(/ENOENT/);
  expect(existsSync(folder)).toBe(false);
});

it.each(["SIGKILL", "SIGTERM"] as const)(
  "ends the process and removes its folder when its starter gets %s",
  async (signal) => {
    const folder = serviceFolder("guard-test");
    const guard = path.join(__dirname, "../..", "emulator", "process-guard.mjs");
    const starter = spawn(NODE, [
      path.join(__dirname, "../..", "test", "fixtures", "guarding-parent.mjs"),
      guard,
      folder,
    ]);
    const [pid] = (await once(starter.stdout, "data")).map(Number);
    expect(isAlive(pid!)).toBe(true);
    starter.kill(signal);
    await until(() => !isAlive(pid!) && !existsSync(folder));
  },
);
