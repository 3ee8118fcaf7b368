// SPDX-License-Identifier: MIT
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Tells if systemd's own check of units is there. */
export const unitCheck =
  spawnSync("systemd-analyze", ["--version"]).status === 0
    ? ({ available: true, folder: "" } as const)
    : ({ available: false, reason: "systemd-analyze is missing" } as const);

/**
 * Checks a unit of the docs with systemd, with a program and a user that this machine has.
 *
 * @param name - the name of the unit's file
 * @returns the exit status, and what systemd says of the unit
 */
export function checkUnit(
  unit: string,
  name: string,
): [status: number | null, complaints: readonly string[]] {
  const folder = mkdtempSync(join(tmpdir(), "cli-unit-"));
  const program = join(folder, "ledger-loader");
  writeFileSync(program, "#!/bin/sh\n");
  chmodSync(program, 0o755);
  const file = join(folder, name);
  const user = execFileSync("id", ["-un"], { encoding: "utf8" }).trim();
  writeFileSync(
    file,
    unit.replace("/usr/local/bin/ledger-loader", program).replace("User=ledger", `User=${user}`),
  );
  const { status, stderr } = spawnSync("systemd-analyze", ["verify", file], { encoding: "utf8" });
  rmSync(folder, { recursive: true, force: true });
  return [status, stderr.split("\n").filter((line) => line.includes("ledger-loader"))];
}
