// SPDX-License-Identifier: MIT
import { runPnpm } from "./run-pnpm.mjs";

/**
 * The known advisories of the packages that ours depend on at run time.
 *
 * Without an answer of the registry, `advisories` is undefined and `reason` says why.
 */
export async function readAdvisories(pnpm, root) {
  // A registry that cannot be reached is not asked again for minutes.
  const words = ["--config.fetch-retries=0", "audit", "--prod", "--json"];
  const { stdout, stderr, error } = await runPnpm([...pnpm, ...words], root);
  const answer = parse(stdout);
  if (answer?.advisories === undefined) {
    const reason = answer?.error?.message ?? (stderr || stdout || String(error));
    return { advisories: undefined, reason: reason.trim().split("\n").at(-1) };
  }
  return { advisories: Object.values(answer.advisories).map(toAdvisory) };
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function toAdvisory({ github_advisory_id, module_name, severity, title, patched_versions, findings = [] }) {
  const versions = [...new Set(findings.map(({ version }) => version))];
  const path = findings[0]?.paths?.[0] ?? module_name;
  return {
    id: github_advisory_id,
    name: module_name,
    severity,
    title,
    patched: patched_versions,
    versions,
    path,
  };
}

/** One sentence for each advisory that is not accepted, and for each accepted one that does not apply any more. */
export function advisoryProblems(advisories, accepted) {
  const reasons = new Map(accepted.advisories.map(({ id, reason }) => [id, reason]));
  const ids = new Set(advisories.map(({ id }) => id));
  return [
    ...advisories.filter(({ id }) => !reasons.get(id)).map(describe),
    ...accepted.advisories
      .filter(({ id }) => !ids.has(id))
      .map(({ id }) => `accepted.json lists ${id}, which applies to nothing any more: remove the entry`),
  ];
}

function describe({ id, name, severity, title, patched, versions, path }) {
  return (
    `${id} (${severity}): ${name} ${versions.join(", ")}: ${title}. It comes by ${path}. ` +
    `Use a version that is ${patched}, or add the advisory with the reason to scripts/lib/dependencies/accepted.json`
  );
}
