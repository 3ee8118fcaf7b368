// SPDX-License-Identifier: MIT
import type { Finding, LintReport } from "@ledger-loader/lint";
import { counted, facts, indent } from "./layout";
import type { Style } from "./style";

/** A report on a template, for people. */
export function lintText({ findings, unchecked, channels }: LintReport, style: Style): string {
  const where = counted(channels, "channel");
  const verdict =
    findings.length === 0
      ? style.good(`no finding in ${where}`)
      : style.bad(`${counted(findings.length, "finding")} in ${where}`);
  const notes = unchecked.map(({ resource, why }) => indent(`${resource}: ${why}`));
  return [
    ...findings.map((finding) => `${findingText(finding, style)}\n`),
    verdict,
    ...(notes.length === 0 ? [] : ["", style.warn("not checked:"), ...notes]),
  ].join("\n");
}

function findingText(
  { rule, effect, resource, type, property, found, why, fix }: Finding,
  style: Style,
): string {
  const lines = facts([
    ["found", `${property}: ${found}`],
    ["why", why],
    ["fix", fix],
  ]);
  return `${style.bold(resource)} (${type}): ${style.bad(effect)}, ${rule}\n${indent(lines)}`;
}
