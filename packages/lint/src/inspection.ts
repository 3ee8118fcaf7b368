// SPDX-License-Identifier: MIT
import type { Resource } from "./template";
import { shown, type TemplateView, type Value } from "./template-view";
import { RULES, type Finding, type RuleName, type Unchecked } from "./rules";

/** One look at a template: what was found, and what could not be looked at. */
export class Inspection {
  readonly view: TemplateView;
  readonly findings: Finding[] = [];
  readonly unchecked: Unchecked[] = [];
  /** Queues where somebody puts events that failed, which one rule looks at together. */
  readonly failureQueues = new Set<Resource>();

  constructor(view: TemplateView) {
    this.view = view;
  }

  /** Notes that a property of a resource is as a rule does not want it. */
  report(
    rule: RuleName,
    resource: Resource,
    property: string,
    values: readonly Value[],
    otherwise?: string,
  ): void {
    this.reportText(rule, resource, property, shown(values, otherwise));
  }

  /** The same, with what was found in words. */
  reportText(rule: RuleName, { id, type }: Resource, property: string, found: string): void {
    const isKnown = this.findings.some(
      (each) => each.rule === rule && each.resource === id && each.property === property,
    );
    if (!isKnown) this.findings.push({ rule, resource: id, type, property, found, ...RULES[rule] });
  }

  /** Notes what this template does not tell. */
  skip({ id }: Resource, why: string): void {
    if (!this.unchecked.some((each) => each.resource === id && each.why === why))
      this.unchecked.push({ resource: id, why });
  }
}
