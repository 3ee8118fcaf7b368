// SPDX-License-Identifier: MIT
import { runLedgerChild } from "./load/ledger-child";
import { runProxyChild } from "./load/proxy-child";
import { runVerifyChild } from "./verify/verify-child";

const TASKS: Readonly<Record<string, () => Promise<void> | void>> = {
  ledger: () => runLedgerChild(),
  "ledger-on-postgres": () => runLedgerChild(process.env["LEDGER_LOADER_POSTGRES_URL"]),
  proxy: runProxyChild,
  verify: runVerifyChild,
};

/** Runs this process as one of the benchmarks' children. */
export async function runChild(name = ""): Promise<void> {
  const task = TASKS[name];
  if (task === undefined) throw new Error(`Expected one of ${Object.keys(TASKS).join(", ")}, found ${name}.`);
  await task();
}
