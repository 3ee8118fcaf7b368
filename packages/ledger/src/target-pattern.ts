// SPDX-License-Identifier: MIT

/**
 * A pattern of the operator as an expression: `*` stands for any characters of one part and `?` for one of them. Parts are
 * separated by colons, as in the resources of IAM policies.
 */
export function patternToExpression(pattern: string): RegExp {
  const literal = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${literal.replace(/\*/g, "[^:]*").replace(/\?/g, "[^:]")}$`);
}
