// SPDX-License-Identifier: MIT
// Checks the isolation of transactions at length (`pnpm history`): processes of the official driver against a server.
//
// `--clients N` (8) and `--iterations N` (100) say how many; `--endpoint URL` takes a server that runs, with an empty ledger
// named history; `--endpoint URL,URL` several servers of one ledger. Prints the table of results, and writes it to docs/internals/holding.md with `--write`.
import { runAtLength } from "./lib/tests-at-length.mjs";
import { takeFlag, takeOption } from "./lib/take-option.mjs";

const words = process.argv.slice(2);
const write = takeFlag(words, "--write");
const endpoint = takeOption(words, "--endpoint");
const settings = {
  HISTORY_CLIENTS: takeOption(words, "--clients") ?? "8",
  HISTORY_ITERATIONS: takeOption(words, "--iterations") ?? "100",
  ...(endpoint !== undefined && { HISTORY_ENDPOINT: endpoint }),
};

process.exit(
  runAtLength({
    pattern: "ledger/src/history\\.e2e",
    words,
    toEnvironment: (results) => ({ ...settings, HISTORY_RESULTS: results }),
    write,
    page: "docs/internals/holding.md",
    begin: "<!-- history: pnpm history --write -->",
    end: "<!-- /history -->",
  }),
);
