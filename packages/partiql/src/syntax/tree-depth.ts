// SPDX-License-Identifier: MIT
import type { StatementNode } from "./statement-node";

/**
 * How deep a syntax tree is, counted without recursion.
 *
 * Chains such as `1 + 1 + 1…` are parsed in a loop and yet make deep trees, which planning and evaluation walk
 * recursively; so the parser's own nesting limit is not enough.
 */
export function treeDepth(root: StatementNode): number {
  let deepest = 0;
  const open: { readonly node: object; readonly depth: number }[] = [{ node: root, depth: 1 }];
  for (let entry = open.pop(); entry !== undefined; entry = open.pop()) {
    const { node, depth } = entry;
    deepest = Math.max(deepest, depth);
    if ("kind" in node && node.kind === "literal") continue;
    for (const child of Object.values(node)) {
      if (typeof child === "object" && child !== null) open.push({ node: child as object, depth: depth + 1 });
    }
  }
  return deepest;
}
