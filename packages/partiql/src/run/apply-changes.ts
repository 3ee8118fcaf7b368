// SPDX-License-Identifier: MIT
import type { IonNode } from "@ledger-loader/ion";
import type { PartiqlEvaluationError } from "../errors";
import {
  childOfNode,
  elementsOfNode,
  fieldsOfNode,
  isListNode,
  isStructNode,
  type PathKey,
  withElements,
  withFields,
} from "../value/node";

/** One change of one document; an empty path is the document itself. */
export type DocumentChange = {
  readonly path: readonly PathKey[];
  /** Makes the error for a change that does not fit the document. */
  readonly error: (message: string) => PartiqlEvaluationError;
} & (
  | { readonly kind: "set"; readonly value: IonNode }
  | { readonly kind: "remove" }
  /** `key`: the new field's name, or the index to insert at; without one, the value goes to the end of the list. */
  | { readonly kind: "insert"; readonly value: IonNode; readonly key: PathKey | undefined }
);

/**
 * Applies changes to a document without changing the values given.
 *
 * Fields keep their order. Only the containers along the path of a change are taken apart: a document that is given in
 * bytes is not decoded.
 *
 * @param content - the document; it is not read if the first change replaces it
 * @returns the new document, or "deleted" if the document itself was removed
 */
export function applyChanges(
  content: () => IonNode | undefined,
  changes: readonly DocumentChange[],
): IonNode | "deleted" {
  const [first] = changes;
  if (first?.kind === "remove" && changes.some(({ path }) => path.length === 0)) return "deleted";
  let document = first?.kind === "set" && first.path.length === 0 ? first.value : content();
  for (const change of inSafeOrder(changes)) {
    if (change.path.length === 0 && change.kind === "set") document = change.value;
    else if (document !== undefined) document = changeAt(document, change, 0);
    if (document === undefined || !isStructNode(document)) {
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

function changeAt(container: IonNode, change: DocumentChange, depth: number): IonNode {
  const key = change.path[depth];
  if (key === undefined)
    return change.kind === "insert" ? insertInto(container, change.key, change) : container;
  const isLast = depth === change.path.length - 1;
  if (isLast && change.kind === "set") return withChild(container, key, change.value, change);
  if (isLast && change.kind === "remove") return withoutChild(container, key);
  const child = childOfNode(container, key);
  if (child !== undefined) return withChild(container, key, changeAt(child, change, depth + 1), change);
  if (change.kind === "remove") return container;
  throw change.error(
    "Expected a path whose every part but the last exists in the document, found one that does not: set the outer value first.",
  );
}

/** Replaces a child, the last one of several fields of that name; a field that is not there is added. */
function withChild(container: IonNode, key: PathKey, value: IonNode, change: DocumentChange): IonNode {
  if (typeof key === "string" && isStructNode(container)) {
    const fields = fieldsOfNode(container);
    const at = fields.findLastIndex(([name]) => name === key);
    return withFields(container, at === -1 ? [...fields, [key, value]] : fields.with(at, [key, value]));
  }
  if (typeof key === "number" && isListNode(container)) {
    const elements = elementsOfNode(container);
    if (key < elements.length) return withElements(container, elements.with(key, value));
  }
  throw change.error(
    "Expected a struct for a field, or a list that is long enough for an index, found another value.",
  );
}

/** Removing what is not there changes nothing. */
function withoutChild(container: IonNode, key: PathKey): IonNode {
  if (childOfNode(container, key) === undefined) return container;
  return typeof key === "string"
    ? withFields(
        container,
        fieldsOfNode(container).filter(([name]) => name !== key),
      )
    : withElements(container, elementsOfNode(container).toSpliced(key, 1));
}

function insertInto(
  container: IonNode,
  key: PathKey | undefined,
  change: DocumentChange & { kind: "insert" },
): IonNode {
  if (isListNode(container) && typeof key !== "string") {
    const elements = elementsOfNode(container);
    if (key !== undefined && key > elements.length)
      throw change.error("Expected an index within the list, found one beyond its end.");
    return withElements(container, elements.toSpliced(key ?? elements.length, 0, change.value));
  }
  if (isStructNode(container) && typeof key === "string") {
    if (childOfNode(container, key) !== undefined)
      throw change.error("Expected AT to name a new field, found one that exists: use SET to change it.");
    return withFields(container, [...fieldsOfNode(container), [key, change.value]]);
  }
  throw change.error(
    "Expected a list to insert into, or a struct with AT and a field name, found another value.",
  );
}
