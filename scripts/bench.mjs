// SPDX-License-Identifier: MIT
// Runs the benchmarks (`pnpm bench`). The one of the ledger gets a PostgreSQL server of its own where PostgreSQL is installed,
// unless LEDGER_LOADER_POSTGRES_URL names a database.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const words = process.argv.slice(2);
const named = words.filter((word) => !word.startsWith("-"));
const wantsDatabase = named.length === 0 || named.includes("ledger");

const postgres =
  wantsDatabase && process.env.LEDGER_LOADER_POSTGRES_URL === undefined ? await start() : undefined;
try {
  const program = join(root, "packages/bench/dist/main.js");
  const env = { ...process.env, ...(postgres && { LEDGER_LOADER_POSTGRES_URL: postgres.url }) };
  const [code] = await once(spawn(process.execPath, [program, ...words], { stdio: "inherit", env }), "exit");
  process.exitCode = code ?? 1;
} finally {
  await postgres?.close();
}

async function start() {
  const { postgresAvailability, startPostgres } = createRequire(import.meta.url)(
    join(root, "packages/testkit/dist/index.js"),
  );
  const availability = postgresAvailability();
  if (availability.available) return startPostgres();
  console.error(`NOT MEASURED: PostgreSQL. ${availability.reason}.`);
  return undefined;
}
