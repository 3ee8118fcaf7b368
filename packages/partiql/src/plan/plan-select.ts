// SPDX-License-Identifier: MIT
import { queryRows } from "../run/query-rows";
import type { SelectNode } from "../syntax/ast";
import { compileOutput } from "./compile-output";
import { nestedQueriesOf } from "./compile-subquery";
import type { Plan } from "./plan";
import { planFrom } from "./plan-from";
import { Scope } from "./scope";

/** Plans a query. */
export function planSelect(node: SelectNode, source: string): Plan {
  const statement = new Scope(source, 0);
  const scope = new Scope(source, node.from.length, statement);
  const steps = planFrom(node.from, node.where, scope);
  const output = compileOutput(node, scope, statement);
  const queries = nestedQueriesOf(scope);
  const query = { steps, firstSlot: scope.firstSlot, output, queries };
  const { decodedParameters } = scope;
  return { steps, queries, decodedParameters, run: (frame) => queryRows(query, frame) };
}
