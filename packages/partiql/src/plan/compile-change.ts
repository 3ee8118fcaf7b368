// SPDX-License-Identifier: MIT
import type { DocumentChange } from "../run/apply-changes";
import type { PathKey, Undecoded } from "../value/node";
import type { ChangeNode, Expression, PathStep } from "../syntax/ast";
import { compileExpression } from "./compile-expression";
import { compileNode } from "./compile-node";
import type { Evaluate } from "../run/evaluate";
import { isAbsent, textOf } from "../value/datum";
import { PartiqlEvaluationError, PartiqlSemanticError } from "../errors";
import type { Frame } from "../run/frame";
import type { Scope } from "./scope";

/** A change whose place and value are found for the current row. */
export type CompiledChange = (frame: Frame) => DocumentChange;

/** Compiles one SET, REMOVE, INSERT INTO or deletion. Values are those before the statement changed anything. */
export function compileChange(node: ChangeNode, scope: Scope): CompiledChange {
  const error = (message: string) => new PartiqlEvaluationError(message, scope.source, node.at);
  switch (node.kind) {
    case "delete-document":
      return () => ({ kind: "remove", path: [], error });
    case "remove": {
      const path = compileTarget(node.target, scope);
      return (frame) => ({ kind: "remove", path: path(frame), error });
    }
    case "set": {
      const path = compileTarget(node.target, scope);
      const value = compileValue(node.value, scope);
      return (frame) => ({ kind: "set", path: path(frame), value: value(frame), error });
    }
    case "insert-into": {
      const path = compileTarget(node.target, scope);
      const value = compileValue(node.value, scope);
      const key = node.key && compileKey(node.key, scope);
      return (frame) => ({
        kind: "insert",
        path: path(frame),
        value: value(frame),
        key: key?.(frame),
        error,
      });
    }
  }
}

/** MISSING cannot be stored; dropping the field in silence would lose data. */
function compileValue(expression: Expression, scope: Scope): (frame: Frame) => Undecoded {
  const evaluate = compileNode(expression, { scope });
  return (frame) => {
    const value = evaluate(frame);
    if (value !== undefined) return value;
    throw new PartiqlEvaluationError(
      "Expected a value to store, found MISSING: use REMOVE to remove a field.",
      scope.source,
      expression.at,
    );
  };
}

type CompiledPath = (frame: Frame) => readonly PathKey[];

/** Finds where in the document of the first FROM item a target lies. */
function compileTarget(target: Expression, scope: Scope): CompiledPath {
  const [root, steps] = target.kind === "path" ? [target.root, target.steps] : [target, []];
  if (root.kind !== "name") throw notAPlace(target, scope);
  const binding = scope.find(root.name);
  if (binding === undefined) {
    if (scope.slots.length > 1) throw notAPlace(target, scope);
    return compileSteps(() => [], [{ kind: "field", name: root.name, at: root.at }, ...steps], scope);
  }
  if (binding.kind !== "item") throw notAPlace(target, scope);
  return compileSteps(compileItemPath(binding.slot, target, scope), steps, scope);
}

/** The place of a FROM item in the document: the document itself, or the element of a list in it. */
function compileItemPath(slot: number, target: Expression, scope: Scope): CompiledPath {
  const origin = scope.origin(slot);
  if (origin.kind === "document") return () => [];
  if (origin.kind !== "nested") throw notAPlace(target, scope);
  const list = compileSteps(compileItemPath(origin.parent, target, scope), origin.steps, scope);
  return (frame) => {
    const { ordinal } = frame.item(slot);
    return ordinal === undefined ? list(frame) : [...list(frame), ordinal];
  };
}

function compileSteps(outer: CompiledPath, steps: readonly PathStep[], scope: Scope): CompiledPath {
  const keys = steps.map((step) =>
    step.kind === "field" ? () => step.name : compileKey(step.expression, scope),
  );
  return (frame) => [...outer(frame), ...keys.map((key) => key(frame))];
}

/** A field name, or an index in a list. */
function compileKey(expression: Expression, scope: Scope): (frame: Frame) => PathKey {
  const evaluate: Evaluate = compileExpression(expression, { scope });
  return (frame) => {
    const value = evaluate(frame);
    const text = textOf(value);
    if (text !== undefined) return text;
    const index = isAbsent(value) || value.getType().name !== "int" ? null : value.numberValue();
    if (index !== null && index >= 0) return index;
    throw new PartiqlEvaluationError(
      "Expected a field name or an index from 0, found another value.",
      scope.source,
      expression.at,
    );
  };
}

function notAPlace(target: Expression, scope: Scope): PartiqlSemanticError {
  return new PartiqlSemanticError(
    "Expected a place in a document, such as alias.field, found something that cannot be changed.",
    scope.source,
    target.at,
  );
}
