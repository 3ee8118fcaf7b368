// SPDX-License-Identifier: MIT
export { lintTemplate } from "./lint-template";
export type { LintReport } from "./lint-template";
export { parseTemplate } from "./parse-template";
export { RULES } from "./rules";
export type { Effect, Finding, Rule, RuleName, Unchecked } from "./rules";
export type { Node, Resource, Template } from "./template";
export { TemplateError } from "./template-error";
