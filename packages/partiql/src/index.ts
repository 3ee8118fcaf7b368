// SPDX-License-Identifier: MIT
export type {
  Catalog,
  CatalogRevision,
  CatalogTable,
  HistoryOptions,
  RedactionTarget,
  ReplaceOptions,
} from "./catalog";
export { fieldOf, sequenceOf } from "./value/datum";
export { LazyValue } from "./value/lazy-value";
export { decoded, valueAt } from "./value/node";
export type { PathKey, Undecoded } from "./value/node";
export {
  ParameterCountError,
  PartiqlError,
  PartiqlEvaluationError,
  PartiqlSemanticError,
  PartiqlSyntaxError,
  PartiqlUnsupportedError,
  UnknownTableError,
} from "./errors";
export { indexKey } from "./value/index-key";
export type { Position } from "./syntax/position";
export { compile, compileInSteps, execute, explain } from "./statement";
export type { AccessDescription } from "./run/describe-access";
export type { Statement, StatementKind } from "./statement";
export type { ExecuteOptions, Pace } from "./run/workload";
