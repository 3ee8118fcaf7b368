// SPDX-License-Identifier: MIT
import type { AnyCommandBody, AnyCommandSpec, CommandHead } from "../options/command-spec";

/** A command as this table declares it: what lists show, and how the rest is loaded. */
interface Entry {
  readonly summary: string;
  readonly argumentNames?: readonly string[];
  readonly load: () => AnyCommandBody;
}

/* oxlint-disable typescript/no-require-imports -- import() takes a file's name as it is compiled, which sources do not have */
/**
 * Every command by its words, in the order of the help and the reference. A command's file is loaded when the command is called or
 * described alone: loading all of them takes most of a second.
 */
const COMMANDS: Readonly<Record<string, Entry>> = {
  "export verify": {
    summary: "Recomputes every hash of a journal export",
    argumentNames: ["<manifest...>"],
    load: () => (require("./export-verify") as typeof import("./export-verify")).exportVerify,
  },
  "export stats": {
    summary: "Counts blocks and revisions of a journal export over time",
    argumentNames: ["<manifest...>"],
    load: () => (require("./export-stats") as typeof import("./export-stats")).exportStats,
  },
  "export tables": {
    summary: "Lists the tables of a journal export",
    argumentNames: ["<manifest...>"],
    load: () => (require("./export-tables") as typeof import("./export-tables")).exportTables,
  },
  "export print": {
    summary: "Prints blocks or revisions of a journal export as Ion text",
    argumentNames: ["<manifest...>"],
    load: () => (require("./export-print") as typeof import("./export-print")).exportPrint,
  },
  "export replay": {
    summary: "Loads every revision of a journal export into a new ledger",
    argumentNames: ["<manifest...>"],
    load: () => (require("./export-replay") as typeof import("./export-replay")).exportReplay,
  },
  reconcile: {
    summary: "Compares a ledger with an export, revision by revision",
    argumentNames: ["<source...>"],
    load: () => (require("./reconcile") as typeof import("./reconcile")).reconcileCommand,
  },
  "proof verify": {
    summary: "Verifies saved proofs and receipts, without a ledger or a connection",
    argumentNames: ["<file...>"],
    load: () => (require("./proof-verify") as typeof import("./proof-verify")).proofVerify,
  },
  "certificate verify": {
    summary: "Checks a certificate of `export verify` or `reconcile`, alone or against export and ledger",
    argumentNames: ["<file>"],
    load: () => (require("./certificate-verify") as typeof import("./certificate-verify")).certificateVerify,
  },
  load: {
    summary: "Loads events from a file or from standard input",
    argumentNames: ["<file>"],
    load: () => (require("./load") as typeof import("./load")).load,
  },
  consume: {
    summary: "Loads events from a queue, topic or stream until it is stopped",
    argumentNames: ["<source>"],
    load: () => (require("./consume") as typeof import("./consume")).consume,
  },
  redrive: {
    summary: "Applies dead letters to a ledger, each record in order",
    argumentNames: ["<letters>"],
    load: () => (require("./redrive") as typeof import("./redrive")).redrive,
  },
  "receipt verify": {
    summary: "Checks load receipts against a ledger or an export",
    argumentNames: ["<file>"],
    load: () => (require("./receipt-verify") as typeof import("./receipt-verify")).receiptVerify,
  },
  "ledger serve": {
    summary: "Runs a ledger server that QLDB's drivers connect to",
    load: () => (require("./ledger-serve") as typeof import("./ledger-serve")).ledgerServe,
  },
  "ledger add-key": {
    summary: "Adds an access key to the credentials file of a server",
    argumentNames: ["<file>"],
    load: () => (require("./ledger-add-key") as typeof import("./ledger-add-key")).ledgerAddKey,
  },
  "ledger create": {
    summary: "Creates an empty ledger",
    argumentNames: ["<name>"],
    load: () => (require("./ledger-create") as typeof import("./ledger-create")).ledgerCreate,
  },
  "ledger describe": {
    summary: "Shows a ledger's settings",
    argumentNames: ["<name>"],
    load: () => (require("./ledger-describe") as typeof import("./ledger-describe")).ledgerDescribe,
  },
  "ledger list": {
    summary: "Lists the ledgers of a server",
    load: () => (require("./ledger-list") as typeof import("./ledger-list")).ledgerList,
  },
  "ledger delete": {
    summary: "Deletes a ledger and its journal permanently",
    argumentNames: ["<name>"],
    load: () => (require("./ledger-delete") as typeof import("./ledger-delete")).ledgerDelete,
  },
  "ledger query": {
    summary: "Runs one PartiQL statement in its own transaction and prints the rows as Ion text",
    argumentNames: ["<name>", "<statement>"],
    load: () => (require("./ledger-query") as typeof import("./ledger-query")).ledgerQuery,
  },
  "ledger shell": {
    summary:
      "Opens a shell for PartiQL, with transactions and a history, or runs statements of standard input",
    argumentNames: ["<name>"],
    load: () => (require("../shell/ledger-shell") as typeof import("../shell/ledger-shell")).ledgerShell,
  },
  "ledger digest": {
    summary: "Prints a ledger's digest, the one hash that stands for its whole journal",
    argumentNames: ["<name>"],
    load: () => (require("./ledger-digest") as typeof import("./ledger-digest")).ledgerDigest,
  },
  "ledger verify": {
    summary: "Recomputes every hash of a ledger's journal",
    argumentNames: ["<name>"],
    load: () => (require("./ledger-verify") as typeof import("./ledger-verify")).ledgerVerify,
  },
  "ledger export": {
    summary: "Exports a ledger's journal in the format of QLDB's exports",
    argumentNames: ["<name>"],
    load: () => (require("./ledger-export") as typeof import("./ledger-export")).ledgerExport,
  },
  "ledger backup": {
    summary: "Copies a ledger to a folder while it is served or stopped, and verifies the copy",
    argumentNames: ["<name>"],
    load: () => (require("./ledger-backup") as typeof import("./ledger-backup")).ledgerBackup,
  },
  "ledger copy": {
    summary: "Copies a ledger from one storage to another, block for block, and verifies the copy",
    argumentNames: ["<name>"],
    load: () => (require("./ledger-copy") as typeof import("./ledger-copy")).ledgerCopy,
  },
  "ledger rebuild": {
    summary: "Derives current documents, history and indexes from the journal again",
    argumentNames: ["<name>"],
    load: () => (require("./ledger-rebuild") as typeof import("./ledger-rebuild")).ledgerRebuild,
  },
  "ledger restore": {
    summary: "Restores a ledger from a journal export, block by block",
    argumentNames: ["<name>"],
    load: () => (require("./ledger-restore") as typeof import("./ledger-restore")).ledgerRestore,
  },
  "ledger accept-loss": {
    summary: "Opens a ledger that has lost acknowledged commits",
    argumentNames: ["<name>"],
    load: () => (require("./ledger-accept-loss") as typeof import("./ledger-accept-loss")).ledgerAcceptLoss,
  },
  lint: {
    summary: "Finds settings of a CloudFormation template or stack that lose or reorder events",
    argumentNames: ["<source>"],
    load: () => (require("./lint") as typeof import("./lint")).lint,
  },
  completion: {
    summary: "Prints a script that completes commands and options in bash, zsh or fish",
    argumentNames: ["<shell>"],
    load: () => (require("../completion/completion") as typeof import("../completion/completion")).completion,
  },
  man: {
    summary: "Prints the manual page",
    load: () => (require("../man/man") as typeof import("../man/man")).man,
  },
};
/* oxlint-enable typescript/no-require-imports */

/** Every command as lists show it; loads none. */
export const COMMAND_HEADS: readonly (CommandHead & Pick<Entry, "load">)[] = Object.entries(COMMANDS).map(
  ([words, { summary, argumentNames = [], load }]) => ({
    path: words.split(" "),
    summary,
    argumentNames,
    load,
  }),
);

/** The command that a command line calls, loaded; `undefined` if the line calls none. */
export function loadCommand(words: readonly string[]): AnyCommandSpec | undefined {
  // Where a command's name can stand, `--` changes nothing.
  const given = words.filter((word) => word !== "--");
  const head = COMMAND_HEADS.find(({ path }) => path.every((word, i) => given[i] === word));
  return head === undefined ? undefined : withBody(head);
}

/** Loads every command, for the reference and for tests. */
export function loadAllCommands(): readonly AnyCommandSpec[] {
  return COMMAND_HEADS.map(withBody);
}

function withBody({ path, summary, argumentNames, load }: (typeof COMMAND_HEADS)[number]): AnyCommandSpec {
  const body = load();
  const args = argumentNames.map((name, i) => ({ name, description: body.arguments?.[i] ?? "" }));
  return { ...body, path, summary, argumentNames, arguments: args };
}

/** The subjects of the groups of commands. */
export const GROUPS: Readonly<Record<string, string>> = {
  ledger: "Run a ledger server and work with its ledgers",
  export: "Verify a journal export, look into it, and load it into a new ledger",
  certificate: "Check certificates of verifications and moves",
  proof: "Verify saved proofs and receipts",
  receipt: "Check the receipts of loaded events",
};
