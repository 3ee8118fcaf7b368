// SPDX-License-Identifier: MIT
// Runs the crash tests at length (`pnpm crash`): kills, full and failing disks, damaged logs, the order of syncs.
//
// Prints the table of results, and writes it to docs/internals/holding-crash.md with `--write`. `--kills N` says how often
// the server is killed under load (200 times by default). Other arguments go to Jest.
import { runAtLength } from "./lib/tests-at-length.mjs";
import { takeFlag, takeOption } from "./lib/take-option.mjs";

const words = process.argv.slice(2);
const write = takeFlag(words, "--write");
const kills = takeOption(words, "--kills") ?? "200";

process.exit(
  runAtLength({
    pattern: "/crash",
    words,
    toEnvironment: (results) => ({ CRASH_FULL: "1", CRASH_KILLS: kills, CRASH_RESULTS: results }),
    write,
    page: "docs/internals/holding-crash.md",
    begin: "<!-- results: pnpm crash --write -->",
    end: "<!-- end of results -->",
  }),
);
