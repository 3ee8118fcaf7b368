// SPDX-License-Identifier: MIT
import { runPnpm } from "./run-pnpm.mjs";

/** The packages that ours depend on at run time, with the licence that each declares. */
export async function readLicences(pnpm, root) {
  const { error, stdout, stderr } = await runPnpm([...pnpm, "licenses", "list", "--json", "--prod"], root);
  if (error) throw new Error(`pnpm licenses failed: ${stderr || stdout || error.message}`);
  return Object.entries(JSON.parse(stdout)).flatMap(([licence, packages]) =>
    packages.map(({ name, versions }) => ({ licence, name, versions })),
  );
}

/** One sentence for each package whose licence is not allowed, and for each entry of the list that is not needed any more. */
export function licenceProblems(licences, accepted) {
  const refused = licences.filter(({ licence, name }) => !isAllowed(licence, name, accepted));
  const names = new Set(licences.map(({ name }) => name));
  const stale = Object.keys(accepted.packages).filter((name) => !names.has(name));
  return [
    ...refused.map(
      ({ licence, name, versions }) =>
        `${name} ${versions.join(", ")} has the licence ${licence}, which is not allowed: do without the package, or add licence or package with the reason to scripts/lib/dependencies/accepted.json`,
    ),
    ...stale.map((name) => `accepted.json lists ${name}, which nothing depends on: remove the entry`),
  ];
}

/** An expression allows to choose where it says OR, and asks for all where it says AND (SPDX). */
function isAllowed(licence, name, { licences, packages }) {
  if (packages[name]?.licence === licence) return true;
  return licence
    .replace(/[()]/g, "")
    .split(" OR ")
    .some((choice) => choice.split(" AND ").every((each) => each in licences));
}
