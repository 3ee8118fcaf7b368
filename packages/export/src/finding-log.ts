// SPDX-License-Identifier: MIT
import type { FindingSeverity } from "@ledger-loader/journal";
import type { ExportFinding } from "./verification-report";

/** Collects findings in bounded memory: the first of each severity are kept, all are counted. */
export class FindingLog {
  readonly #max: number;
  #findings: ExportFinding[] = [];
  readonly #totals: Record<FindingSeverity, number> = { broken: 0, unverified: 0, warning: 0 };
  /** Findings by rule. */
  readonly counts: Record<string, number> = {};

  /** @param max how many findings of each severity are kept. */
  constructor(max: number) {
    this.#max = max;
  }

  get findings(): readonly ExportFinding[] {
    return this.#findings;
  }

  /** How many findings of a severity there were. */
  total(severity: FindingSeverity): number {
    return this.#totals[severity];
  }

  add(finding: ExportFinding): void {
    this.counts[finding.rule] = (this.counts[finding.rule] ?? 0) + 1;
    if (this.#totals[finding.severity]++ < this.#max) this.#findings.push(finding);
  }

  /** Turns all findings of a rule from `unverified` to `broken`. */
  escalate(rule: ExportFinding["rule"]): void {
    const count = this.counts[rule] ?? 0;
    this.#totals.unverified -= count;
    this.#totals.broken += count;
    this.#findings = this.#findings.map((finding) =>
      finding.rule === rule ? { ...finding, severity: "broken" } : finding,
    );
  }
}
