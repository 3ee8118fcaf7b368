// SPDX-License-Identifier: MIT
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { findUpwards } from "../find-upwards";

/** The official Java driver, or why it cannot run here. */
export type JavaDriver = { readonly classPath: string } | { readonly reason: string };

const PEER = "qldb-driver-java";

/** Finds the driver where `./scripts/fetch-peers` keeps it. Downloads nothing. */
export function findJavaDriver(): JavaDriver {
  const folder = path.join(peersFolder(), `${PEER}-${driverVersion()}`);
  if (!existsSync(folder)) return { reason: `the driver is missing: run ./scripts/fetch-peers ${PEER}` };
  // As in Java's own launcher: a JRE without a compiler cannot run a source file.
  const { error } = spawnSync("javac", ["-version"], { timeout: 20_000 });
  if (error !== undefined) return { reason: "there is no javac on the PATH: install a JDK, 17 or newer" };
  return { classPath: path.join(folder, "lib", "*") };
}

/** The same folder as in packages/testkit/peers/fetch.mjs. */
function peersFolder(): string {
  const cache = process.env["XDG_CACHE_HOME"] ?? path.join(homedir(), ".cache");
  return process.env["LEDGER_LOADER_PEERS_DIR"] ?? path.join(cache, "ledger-loader", "peers");
}

function driverVersion(): string {
  const file = findUpwards("packages/testkit/peers/peers.json");
  const peers = JSON.parse(readFileSync(file, "utf8")) as Record<typeof PEER, { readonly version: string }>;
  return peers[PEER].version;
}
