// SPDX-License-Identifier: MIT
// Fails when a package that ours depend on at run time has a licence that is not in the list of allowed ones, or a known
// security advisory (GitHub Advisory Database, asked through the registry) that nobody has accepted with a reason.
//
// Usage: node scripts/check-dependencies.mjs [PNPM COMMAND...]
//
// Licences are read from what is installed. Where the registry does not answer, advisories are not checked, and the output says so.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { advisoryProblems, readAdvisories } from "./lib/dependencies/advisories.mjs";
import { licenceProblems, readLicences } from "./lib/dependencies/licences.mjs";

const root = join(import.meta.dirname, "..");
const pnpm = process.argv.length > 2 ? process.argv.slice(2) : ["pnpm"];
const accepted = JSON.parse(
  readFileSync(join(import.meta.dirname, "lib/dependencies/accepted.json"), "utf8"),
);

const [licences, answer] = await Promise.all([readLicences(pnpm, root), readAdvisories(pnpm, root)]);
const problems = [
  ...licenceProblems(licences, accepted),
  ...(answer.advisories === undefined ? [] : advisoryProblems(answer.advisories, accepted)),
];
if (answer.advisories === undefined) {
  console.log(`NOT CHECKED: known advisories, because the registry did not answer (${answer.reason})`);
} else {
  console.log(`${answer.advisories.length} known advisories, ${accepted.advisories.length} of them accepted`);
}
console.log(`${licences.length} packages, and the licence of each is looked for in the list of allowed ones`);
if (problems.length > 0) {
  console.error(problems.join("\n"));
  process.exit(1);
}
