// SPDX-License-Identifier: MIT
// Runs one command and sees to it that neither its process nor its folder outlives the process that asked for it,
// however that one ends: the IPC channel closes then. Started by `startGuardedProcess`, which says over the channel what
// to run. Messages in: { run: {...} }, { restart: true }. Messages out: { started: pid }, { failed: reason }.
import { spawn } from "node:child_process";
import { openSync, rmSync } from "node:fs";

let task;
let child;
let ending = false;
let restarting = false;

process.on("message", (message) => {
  if (message.run) {
    task = message.run;
    start();
  } else if (message.restart) {
    restarting = true;
    child.kill("SIGKILL");
  }
});
for (const event of ["disconnect", "SIGINT", "SIGTERM", "SIGHUP"]) process.on(event, end);

function start() {
  const log = openSync(task.logFile, "a");
  child = spawn(task.command, task.args, { cwd: task.folder, env: task.env, stdio: ["ignore", log, log] });
  child.on("spawn", () => tell({ started: child.pid }));
  child.on("error", (error) => {
    if (child?.pid === undefined) child = undefined;
    tell({ failed: error.message });
  });
  child.on("exit", (code, signal) => {
    child = undefined;
    if (ending) return leave();
    if (restarting) {
      restarting = false;
      return start();
    }
    tell({ failed: signal === null ? `it exited with code ${code}` : `it was ended by ${signal}` });
  });
}

function end() {
  ending = true;
  if (child === undefined) leave();
  else child.kill("SIGKILL");
}

function leave() {
  rmSync(task.folder, { recursive: true, force: true });
  process.exit(0);
}

function tell(message) {
  if (process.connected) process.send(message);
}
