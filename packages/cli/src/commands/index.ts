// SPDX-License-Identifier: MIT
import type { AnyCommandSpec } from "../options/command-spec";

/* oxlint-disable typescript/no-require-imports -- import() takes a file's name as it is compiled, which sources do not have */
/**
 * Every command by its words, in the order of the help and the reference. Each is loaded when it is called or described: to load all
 * of them takes most of a second.
 */
const LOADERS: Readonly<Record<string, () => AnyCommandSpec>> = {
  "export verify": () => (require("./export-verify") as typeof import("./export-verify")).exportVerify,
  "export stats": () => (require("./export-stats") as typeof import("./export-stats")).exportStats,
  "export tables": () => (require("./export-tables") as typeof import("./export-tables")).exportTables,
  "export print": () => (require("./export-print") as typeof import("./export-print")).exportPrint,
  "export replay": () => (require("./export-replay") as typeof import("./export-replay")).exportReplay,
  reconcile: () => (require("./reconcile") as typeof import("./reconcile")).reconcileCommand,
  "proof verify": () => (require("./proof-verify") as typeof import("./proof-verify")).proofVerify,
  "certificate verify": () =>
    (require("./certificate-verify") as typeof import("./certificate-verify")).certificateVerify,
  load: () => (require("./load") as typeof import("./load")).load,
  consume: () => (require("./consume") as typeof import("./consume")).consume,
  redrive: () => (require("./redrive") as typeof import("./redrive")).redrive,
  "ledger serve": () => (require("./ledger-serve") as typeof import("./ledger-serve")).ledgerServe,
  "ledger add-key": () => (require("./ledger-add-key") as typeof import("./ledger-add-key")).ledgerAddKey,
  "ledger create": () => (require("./ledger-create") as typeof import("./ledger-create")).ledgerCreate,
  "ledger describe": () =>
    (require("./ledger-describe") as typeof import("./ledger-describe")).ledgerDescribe,
  "ledger list": () => (require("./ledger-list") as typeof import("./ledger-list")).ledgerList,
  "ledger delete": () => (require("./ledger-delete") as typeof import("./ledger-delete")).ledgerDelete,
  "ledger query": () => (require("./ledger-query") as typeof import("./ledger-query")).ledgerQuery,
  "ledger digest": () => (require("./ledger-digest") as typeof import("./ledger-digest")).ledgerDigest,
  "ledger verify": () => (require("./ledger-verify") as typeof import("./ledger-verify")).ledgerVerify,
  "ledger export": () => (require("./ledger-export") as typeof import("./ledger-export")).ledgerExport,
  "ledger backup": () => (require("./ledger-backup") as typeof import("./ledger-backup")).ledgerBackup,
  "ledger copy": () => (require("./ledger-copy") as typeof import("./ledger-copy")).ledgerCopy,
  "ledger rebuild": () => (require("./ledger-rebuild") as typeof import("./ledger-rebuild")).ledgerRebuild,
  "ledger restore": () => (require("./ledger-restore") as typeof import("./ledger-restore")).ledgerRestore,
  "ledger accept-loss": () =>
    (require("./ledger-accept-loss") as typeof import("./ledger-accept-loss")).ledgerAcceptLoss,
};
/* oxlint-enable typescript/no-require-imports */

/** Loads the command that a command line calls; all of them where it calls none, as to list them. */
export function loadCommands(words: readonly string[] = []): readonly AnyCommandSpec[] {
  const called = Object.keys(LOADERS).find((path) => isPrefix(path.split(" "), words));
  const loaders = called === undefined ? Object.values(LOADERS) : [LOADERS[called]];
  return loaders.flatMap((load) => (load === undefined ? [] : [load()]));
}

/** The words of every command. */
export function commandPaths(): readonly (readonly string[])[] {
  return Object.keys(LOADERS).map((path) => path.split(" "));
}

function isPrefix(path: readonly string[], words: readonly string[]): boolean {
  return path.every((word, i) => words[i] === word);
}

/** What the groups of commands are about. */
export const GROUPS: Readonly<Record<string, string>> = {
  ledger: "Run a ledger server and work with its ledgers",
  export: "Verify a journal export, look into it, and load it into a new ledger",
  certificate: "Check certificates of verifications and moves",
  proof: "Verify saved proofs and receipts",
};
