// SPDX-License-Identifier: MIT
import type { RevisionTally } from "@ledger-loader/journal";
import type { FindingLog } from "./finding-log";

/** Adds one finding for all revisions without content: they can be millions. */
export function addUncheckedContent(
  { redacted, hashOnly, unrecomputed }: Readonly<RevisionTally>,
  log: FindingLog,
): void {
  const said: readonly (readonly [count: number, sentence: string])[] = [
    [unrecomputed, "in JSON, which has lost the types that the hashes cover"],
    [redacted, "redacted: their content was removed on purpose, and what is left of them was checked"],
    [
      hashOnly,
      "hash only: QLDB wrote its own revisions (of CREATE TABLE, for example) without content, and that is no sign of damage",
    ],
  ];
  const found = said.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  if (found.length === 0) return;
  const message = `Revisions whose content cannot be checked: ${found.join("; ")}.`;
  log.add({ rule: "unchecked-content", severity: "incomplete", message });
}
