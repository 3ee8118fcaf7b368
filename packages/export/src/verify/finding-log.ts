// SPDX-License-Identifier: MIT
import { type FindingSeverity, type Verdict, heaviestVerdict } from "@ledger-loader/journal";
import type { ExportFinding } from "./verification-report";

/** Collects findings in bounded memory: the first of each severity are kept, all are counted. */
export class FindingLog {
  readonly #max: number;
  #findings: ExportFinding[] = [];
  readonly #totals: Record<FindingSeverity, number> = {
    failed: 0,
    "not-comparable": 0,
    incomplete: 0,
    warning: 0,
  };
  /** Findings by rule. */
  readonly counts: Record<string, number> = {};

  /** @param max - how many findings of each severity are kept. */
  constructor(max: number) {
    this.#max = max;
  }

  get findings(): readonly ExportFinding[] {
    return this.#findings;
  }

  /** The verdict that the findings lead to. */
  get verdict(): Verdict {
    const severities: readonly Exclude<Verdict, "passed">[] = ["failed", "not-comparable", "incomplete"];
    return heaviestVerdict(severities.filter((severity) => this.#totals[severity] > 0));
  }

  /** True if there was a finding of one of the rules. */
  has(...rules: readonly ExportFinding["rule"][]): boolean {
    return rules.some((rule) => this.counts[rule] !== undefined);
  }

  add(finding: ExportFinding): void {
    this.counts[finding.rule] = (this.counts[finding.rule] ?? 0) + 1;
    if (this.#totals[finding.severity]++ < this.#max) this.#findings.push(finding);
  }

  /** Turns all findings of a rule from `incomplete` to `failed`. */
  escalate(rule: ExportFinding["rule"]): void {
    const count = this.counts[rule] ?? 0;
    this.#totals.incomplete -= count;
    this.#totals.failed += count;
    this.#findings = this.#findings.map((finding) =>
      finding.rule === rule ? { ...finding, severity: "failed" } : finding,
    );
  }
}
