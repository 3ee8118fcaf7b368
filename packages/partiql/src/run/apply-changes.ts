// SPDX-License-Identifier: MIT
import { dom, IonTypes } from "ion-js";
import { elementsOf, isStruct } from "../value/datum";
import type { Datum } from "../value/datum";
import type { PartiqlEvaluationError } from "../errors";
import { fieldsOf, makeStruct } from "../value/struct";
import type { Field } from "../value/struct";

/** A field name, or an index in a list. */
export type PathKey = string | number;

/** One change of one document; an empty path is the document itself. */
export type DocumentChange = {
  readonly path: readonly PathKey[];
  /** Makes the error for a change that does not fit the document. */
  readonly error: (message: string) => PartiqlEvaluationError;
} & (
  | { readonly kind: "set"; readonly value: dom.Value }
  | { readonly kind: "remove" }
  /** `key`: the new field's name, or the index to insert at; without one, the value goes to the end of the list. */
  | { readonly kind: "insert"; readonly value: dom.Value; readonly key: PathKey | undefined }
);

/**
 * Applies changes to a document without changing the values given.
 *
 * Fields keep their order, and what is not changed is the same object as before. Changes of list indexes all mean
 * the list as it was found: removals and insertions at an index are therefore applied from the last to the first.
 *
 * @param data the document; it is not read if the first change replaces it
 * @returns the new document, or "deleted" if the document itself was removed
 */
export function applyChanges(data: () => Datum, changes: readonly DocumentChange[]): dom.Value | "deleted" {
  const [first] = changes;
  if (first?.kind === "remove" && changes.some(({ path }) => path.length === 0)) return "deleted";
  let document: Datum = first?.kind === "set" && first.path.length === 0 ? first.value : data();
  for (const change of inSafeOrder(changes)) {
    if (change.path.length === 0 && change.kind === "set") document = change.value;
    else if (document !== undefined) document = changeAt(document, change, 0);
    if (!isStruct(document)) {
      throw change.error(
        "Expected a struct as the document, found another value: a document must be a struct.",
      );
    }
  }
  if (document === undefined)
    throw new RangeError("A document that was found has data, and at least one change.");
  return document;
}

function inSafeOrder(changes: readonly DocumentChange[]): readonly DocumentChange[] {
  const distinct = new Map<string, DocumentChange>();
  changes.forEach((change, index) => {
    // Several rows may name one place; removing it once is enough, and twice would remove its successor.
    distinct.set(change.kind === "remove" ? JSON.stringify(change.path) : String(index), change);
  });
  const ordered = [...distinct.values()];
  const shifts = ordered.every(
    (change) => change.kind === "remove" || (change.kind === "insert" && change.key !== undefined),
  );
  return shifts ? ordered.reverse() : ordered;
}

function changeAt(container: dom.Value, change: DocumentChange, depth: number): dom.Value {
  const key = change.path[depth];
  if (key === undefined)
    return change.kind === "insert" ? insertInto(container, change.key, change) : container;
  const isLast = depth === change.path.length - 1;
  if (isLast && change.kind === "set") return withChild(container, key, change.value, change);
  if (isLast && change.kind === "remove") return withoutChild(container, key);
  const child = childOf(container, key);
  if (child !== undefined) return withChild(container, key, changeAt(child, change, depth + 1), change);
  if (change.kind === "remove") return container;
  throw change.error(
    "Expected a path whose every part but the last exists in the document, found one that does not: set the outer value first.",
  );
}

function childOf(container: dom.Value, key: PathKey): Datum {
  if (typeof key === "number") return elementsOf(container)?.[key];
  return isStruct(container) ? (container.get(key) ?? undefined) : undefined;
}

/** Replaces a child, the last one of several fields of that name; a field that is not there is added. */
function withChild(container: dom.Value, key: PathKey, value: dom.Value, change: DocumentChange): dom.Value {
  if (typeof key === "string" && isStruct(container)) {
    const fields = fieldsOf(container);
    const at = fields.findLastIndex(([name]) => name === key);
    return rebuildStruct(container, at === -1 ? [...fields, [key, value]] : fields.with(at, [key, value]));
  }
  const elements = elementsOf(container);
  if (typeof key === "number" && elements !== undefined && key < elements.length) {
    return rebuildList(container, elements.with(key, value));
  }
  throw change.error(
    "Expected a struct for a field, or a list that is long enough for an index, found another value.",
  );
}

/** Removing what is not there changes nothing. */
function withoutChild(container: dom.Value, key: PathKey): dom.Value {
  if (typeof key === "string") {
    if (!isStruct(container)) return container;
    return rebuildStruct(
      container,
      fieldsOf(container).filter(([name]) => name !== key),
    );
  }
  const elements = elementsOf(container);
  return elements === undefined ? container : rebuildList(container, elements.toSpliced(key, 1));
}

function insertInto(
  container: dom.Value,
  key: PathKey | undefined,
  change: DocumentChange & { kind: "insert" },
): dom.Value {
  const elements = elementsOf(container);
  if (elements !== undefined && typeof key !== "string") {
    if (key !== undefined && key > elements.length)
      throw change.error("Expected an index within the list, found one beyond its end.");
    return rebuildList(container, elements.toSpliced(key ?? elements.length, 0, change.value));
  }
  if (isStruct(container) && typeof key === "string") {
    if (childOf(container, key) !== undefined)
      throw change.error("Expected AT to name a new field, found one that exists: use SET to change it.");
    return rebuildStruct(container, [...fieldsOf(container), [key, change.value]]);
  }
  throw change.error(
    "Expected a list to insert into, or a struct with AT and a field name, found another value.",
  );
}

function rebuildStruct(old: dom.Value, fields: readonly Field[]): dom.Value {
  return makeStruct(fields, old.getAnnotations());
}

function rebuildList(old: dom.Value, elements: dom.Value[]): dom.Value {
  const annotations = old.getAnnotations();
  return old.getType() === IonTypes.SEXP
    ? new dom.SExpression(elements, annotations)
    : new dom.List(elements, annotations);
}
