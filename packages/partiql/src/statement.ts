// SPDX-License-Identifier: MIT
import { runAtOnce, type Steps } from "@ledger-loader/ion";
import type { StatementNode } from "./syntax/statement-node";
import type { Catalog } from "./catalog";
import { ParameterCountError } from "./errors";
import { Frame } from "./run/frame";
import { describeAccess } from "./run/describe-access";
import type { AccessDescription } from "./run/describe-access";
import type { ExecuteOptions } from "./run/workload";
import { parseInSteps } from "./syntax/parse-statement";
import type { Plan } from "./plan/plan";
import type { Undecoded } from "./value/node";
import { planDefinition } from "./plan/plan-definition";
import { planExec } from "./plan/plan-exec";
import { planExplain } from "./plan/plan-explain";
import { planInsert } from "./plan/plan-insert";
import { planModify } from "./plan/plan-modify";
import { planSelect } from "./plan/plan-select";

/** The kind of a statement. Only `select` and `explain` change nothing. */
export type StatementKind = StatementNode["kind"];

/** A compiled statement: immutable, so one MAY be kept and executed any number of times, also concurrently. */
export interface Statement {
  /** The text that was compiled, unchanged. */
  readonly text: string;
  readonly kind: StatementKind;
  /** How many `?` it has. */
  readonly parameterCount: number;
  /** For `execute` and `explain`. */
  readonly plan: Plan;
}

/**
 * Compiles a statement. Depends on nothing but the text.
 *
 * @throws PartiqlSyntaxError if it is not PartiQL, PartiqlUnsupportedError if it is PartiQL that is not supported,
 * PartiqlSemanticError if it cannot mean anything; each with its position
 */
export function compile(text: string): Statement {
  return runAtOnce(compileInSteps(text));
}

/**
 * As {@link compile}, but yields between two parts of the work: for the longest texts each takes tens of milliseconds.
 *
 * @throws PartiqlSyntaxError, PartiqlUnsupportedError, PartiqlSemanticError
 */
export function* compileInSteps(text: string): Steps<Statement> {
  const { node, parameterCount } = yield* parseInSteps(text);
  yield;
  return { text, kind: node.kind, parameterCount, plan: planOf(node, text) };
}

function planOf(node: StatementNode, source: string): Plan {
  switch (node.kind) {
    case "select":
      return planSelect(node, source);
    case "insert":
      return planInsert(node, source);
    case "update":
    case "delete":
      return planModify(node, source);
    case "create-table":
    case "drop-table":
    case "create-index":
    case "undrop-table":
    case "drop-index":
      return planDefinition(node, source);
    case "explain":
      return planExplain(planOf(node.statement, source));
    case "exec":
      return planExec(node, source);
  }
}

/**
 * Executes a statement and returns its rows.
 *
 * Nothing happens until the first row is asked for. A change is complete before its first row is there; the rows of
 * a query are found as they are asked for. Parameters MAY be bytes, which MUST hold sound Ion: what is stored or sent on of
 * them is never decoded. A row that is a document as it stands comes as
 * {@link CatalogRevision.content} gave it. A caller MUST ask at least for one row, and MAY stop early.
 *
 * @throws ParameterCountError at once, if there are not as many parameters as `?`
 */
export function execute(
  statement: Statement,
  parameters: readonly Undecoded[],
  catalog: Catalog,
  options: ExecuteOptions = {},
): AsyncIterableIterator<Undecoded> {
  const { parameterCount, plan, text } = statement;
  if (parameters.length !== parameterCount) {
    // The first part is QLDB's own text.
    throw new ParameterCountError(
      `Query expects ${String(parameterCount)} parameters, but statement has ${String(parameters.length)}: pass one value per question mark.`,
    );
  }
  const frame = new Frame(parameters, catalog, text, options);
  const long = [...plan.decodedParameters].filter((index) => frame.parameter(index).isLong);
  return long.length === 0 ? plan.run(frame) : runDecoded(plan, frame, long);
}

/** Decodes long parameters first, in turns with others: an expression is evaluated at one go. */
async function* runDecoded(
  plan: Plan,
  frame: Frame,
  parameters: readonly number[],
): AsyncGenerator<Undecoded> {
  for (const index of parameters) await frame.parameter(index).decode(() => frame.workload.rest());
  yield* plan.run(frame);
}

/** Tells how a statement would find its documents, without reading any: whether an index is used, above all. */
export function explain(statement: Statement, catalog: Catalog): Promise<readonly AccessDescription[]> {
  return describeAccess(statement.plan, new Frame([], catalog, statement.text));
}
