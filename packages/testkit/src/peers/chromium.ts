// SPDX-License-Identifier: MIT
import { existsSync } from "node:fs";
import path from "node:path";
import { TestServiceError } from "./guarded-process";

/** The program of Chromium, or the reason why it cannot be started here. */
export type ChromiumAvailability =
  | { readonly available: true; readonly program: string }
  | { readonly available: false; readonly reason: string };

/** The names of Chromium and of browsers made from it. */
const PROGRAMS = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/**
 * Tells whether a browser can be started here: the program that `LEDGER_LOADER_CHROMIUM` names, or a Chromium on the PATH, such
 * as that of Debian's package `chromium`.
 *
 * `LEDGER_LOADER_PEERS=none`, or a list without `chromium`, says no. With `LEDGER_LOADER_REQUIRE_PEERS=1` it throws instead.
 *
 * @throws TestServiceError if the browser is required and not available
 */
export function chromiumAvailability(): ChromiumAvailability {
  const availability = lookUp();
  if (!availability.available && process.env["LEDGER_LOADER_REQUIRE_PEERS"] === "1") {
    throw new TestServiceError(
      `Expected chromium, which LEDGER_LOADER_REQUIRE_PEERS asks for: ${availability.reason}`,
    );
  }
  return availability;
}

function lookUp(): ChromiumAvailability {
  const allowed = process.env["LEDGER_LOADER_PEERS"]?.split(",");
  if (allowed !== undefined && !allowed.includes("chromium")) {
    return { available: false, reason: "LEDGER_LOADER_PEERS leaves chromium out" };
  }
  const program = candidates().find((candidate) => existsSync(candidate));
  if (program !== undefined) return { available: true, program };
  const reason =
    "no Chromium on the PATH: install one (apt-get install chromium), or set LEDGER_LOADER_CHROMIUM to its program";
  return { available: false, reason };
}

function candidates(): readonly string[] {
  const named = process.env["LEDGER_LOADER_CHROMIUM"];
  if (named !== undefined) return [named];
  const folders = (process.env["PATH"] ?? "").split(path.delimiter);
  return PROGRAMS.flatMap((name) => folders.map((folder) => path.join(folder, name)));
}
