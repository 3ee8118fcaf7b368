// SPDX-License-Identifier: MIT
import { type FindingSeverity, type Verdict, heaviestVerdict } from "@ledger-loader/journal";
import type { FindingSegment } from "./part/verification-part";
import type { ExportFinding } from "./verification-report";

/** Collects findings in bounded memory: the first of each severity are kept, all are counted. */
export class FindingLog {
  readonly #max: number;
  #findings: ExportFinding[] = [];
  #totals = noTotals();
  #counts: Record<string, number> = {};

  /** @param max - how many findings of each severity are kept. */
  constructor(max: number) {
    this.#max = max;
  }

  get findings(): readonly ExportFinding[] {
    return this.#findings;
  }

  /** Findings by rule. */
  get counts(): Readonly<Record<string, number>> {
    return this.#counts;
  }

  /** The verdict that the findings lead to. */
  get verdict(): Verdict {
    const severities: readonly Exclude<Verdict, "passed">[] = ["failed", "not-comparable", "incomplete"];
    return heaviestVerdict(severities.filter((severity) => this.#totals[severity] > 0));
  }

  /** True if there was a finding of one of the rules. */
  has(...rules: readonly ExportFinding["rule"][]): boolean {
    return rules.some((rule) => this.#counts[rule] !== undefined);
  }

  add(finding: ExportFinding): void {
    this.#count(finding.rule, 1);
    if (this.#totals[finding.severity]++ < this.#max) this.#findings.push(finding);
  }

  /** Adds what another log had collected, as if each finding were added. */
  addSegment({ findings, totals, counts }: FindingSegment): void {
    for (const finding of findings) {
      if (this.#totals[finding.severity]++ < this.#max) this.#findings.push(finding);
    }
    for (const severity of Object.keys(totals) as FindingSeverity[]) {
      const listed = findings.filter((finding) => finding.severity === severity).length;
      this.#totals[severity] += totals[severity] - listed;
    }
    for (const [rule, n] of Object.entries(counts)) this.#count(rule, n);
  }

  /** Takes out what was collected so far. */
  cut(): FindingSegment {
    const segment = { findings: this.#findings, totals: this.#totals, counts: this.#counts };
    this.#findings = [];
    this.#totals = noTotals();
    this.#counts = {};
    return segment;
  }

  /** Turns all findings of a rule from `incomplete` to `failed`. */
  escalate(rule: ExportFinding["rule"]): void {
    const count = this.#counts[rule] ?? 0;
    this.#totals.incomplete -= count;
    this.#totals.failed += count;
    this.#findings = this.#findings.map((finding) =>
      finding.rule === rule ? { ...finding, severity: "failed" } : finding,
    );
  }

  #count(rule: string, n: number): void {
    this.#counts[rule] = (this.#counts[rule] ?? 0) + n;
  }
}

function noTotals(): Record<FindingSeverity, number> {
  return { failed: 0, "not-comparable": 0, incomplete: 0, warning: 0 };
}
