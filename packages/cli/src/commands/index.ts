// SPDX-License-Identifier: MIT
import type { AnyCommandSpec } from "../options/command-spec";
import { certificateVerify } from "./certificate-verify";
import { consume } from "./consume";
import { exportPrint } from "./export-print";
import { exportReplay } from "./export-replay";
import { exportStats } from "./export-stats";
import { exportTables } from "./export-tables";
import { exportVerify } from "./export-verify";
import { ledgerAcceptLoss } from "./ledger-accept-loss";
import { ledgerAddKey } from "./ledger-add-key";
import { ledgerBackup } from "./ledger-backup";
import { ledgerCopy } from "./ledger-copy";
import { ledgerCreate } from "./ledger-create";
import { ledgerDelete } from "./ledger-delete";
import { ledgerDescribe } from "./ledger-describe";
import { ledgerDigest } from "./ledger-digest";
import { ledgerExport } from "./ledger-export";
import { ledgerList } from "./ledger-list";
import { ledgerQuery } from "./ledger-query";
import { ledgerRebuild } from "./ledger-rebuild";
import { ledgerRestore } from "./ledger-restore";
import { ledgerServe } from "./ledger-serve";
import { ledgerVerify } from "./ledger-verify";
import { load } from "./load";
import { proofVerify } from "./proof-verify";
import { reconcileCommand } from "./reconcile";
import { redrive } from "./redrive";

/** Every command, in the order of the help and the reference. */
export const COMMANDS: readonly AnyCommandSpec[] = [
  exportVerify,
  exportStats,
  exportTables,
  exportPrint,
  exportReplay,
  reconcileCommand,
  proofVerify,
  certificateVerify,
  load,
  consume,
  redrive,
  ledgerServe,
  ledgerAddKey,
  ledgerCreate,
  ledgerDescribe,
  ledgerList,
  ledgerDelete,
  ledgerQuery,
  ledgerDigest,
  ledgerVerify,
  ledgerExport,
  ledgerBackup,
  ledgerCopy,
  ledgerRebuild,
  ledgerRestore,
  ledgerAcceptLoss,
];

/** What the groups of commands are about. */
export const GROUPS: Readonly<Record<string, string>> = {
  ledger: "Run a ledger server and work with its ledgers",
  export: "Verify a journal export, look into it, and load it into a new ledger",
  certificate: "Check certificates of verifications and moves",
  proof: "Verify saved proofs and receipts",
};
