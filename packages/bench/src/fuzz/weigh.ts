// SPDX-License-Identifier: MIT
import type { dom } from "ion-js";

/** The memory that a value takes in addition to its content, roughly, in bytes. */
const NODE_BYTES = 32;

/**
 * Estimates how much a decoded value holds, in bytes: so many for each value in it, and the length of texts and bytes.
 *
 * The same on every machine. What is there twice counts once, as do the bytes behind several views.
 */
export function weigh(root: unknown): number {
  const seen = new Set<unknown>();
  const open: unknown[] = [root];
  let weight = 0;
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value === "string") weight += value.length;
    weight += NODE_BYTES;
    if (typeof value !== "object" || value === null || seen.has(value)) continue;
    seen.add(value);
    if (ArrayBuffer.isView(value)) {
      if (!seen.has(value.buffer)) weight += value.byteLength;
      seen.add(value.buffer);
    } else {
      // Not by spreading: an array of all children would not fit on the stack.
      for (const child of childrenOf(value)) open.push(child);
    }
  }
  return weight;
}

function childrenOf(value: object): Iterable<unknown> {
  if (isIonValue(value)) return childrenOfIon(value);
  if (value instanceof Map) return [...(value as ReadonlyMap<unknown, unknown>)].flat();
  return value instanceof Set ? value : Object.values(value);
}

function isIonValue(value: object): value is dom.Value {
  return "getType" in value && typeof value.getType === "function";
}

function childrenOfIon(value: dom.Value): readonly unknown[] {
  const annotations = value.getAnnotations();
  if (value.isNull()) return annotations;
  switch (value.getType().name) {
    case "struct":
      return [...annotations, ...value.allFields().flat(2)];
    case "list":
    case "sexp":
      return [...annotations, ...value.elements()];
    case "string":
    case "symbol":
      return [...annotations, value.stringValue()];
    case "blob":
    case "clob":
      return [...annotations, value.uInt8ArrayValue()];
    default:
      return annotations;
  }
}
