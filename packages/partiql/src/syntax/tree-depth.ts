// SPDX-License-Identifier: MIT
import type { StatementNode } from "./statement-node";

/**
 * How deep a syntax tree is, counted without recursion, one level after the other.
 *
 * Chains such as `1 + 1 + 1…` are parsed in a loop and yet make deep trees, which planning and evaluation walk
 * recursively; so the parser's own nesting limit is not enough.
 */
export function treeDepth(root: StatementNode): number {
  let depth = 0;
  for (let level: readonly object[] = [root]; level.length > 0; level = childrenOf(level)) depth += 1;
  return depth;
}

function childrenOf(level: readonly object[]): readonly object[] {
  const children: object[] = [];
  const add = (child: unknown): void => {
    if (typeof child === "object" && child !== null) children.push(child);
  };
  for (const node of level) {
    if (Array.isArray(node)) node.forEach(add);
    else if (!isLiteral(node)) for (const key in node) add(node[key as keyof typeof node]);
  }
  return children;
}

function isLiteral(node: object): boolean {
  return "kind" in node && node.kind === "literal";
}
