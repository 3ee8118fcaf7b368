// SPDX-License-Identifier: MIT
import { decodeIon, type DraftMember, IonDraft, type IonNode, IonSlice, TypeCode } from "@ledger-loader/ion";
import type { dom } from "ion-js";
import { elementsOf, fieldOf, isStruct, rangeOver, sequenceOf } from "./datum";
import { fieldsOf } from "./struct";

/** A field name, or an index in a list. */
export type PathKey = string | number;

/** A value, or its bytes where nothing has looked into it. */
export type Undecoded = dom.Value | IonSlice;

/** The value, decoded where it is not yet. */
export function decoded(value: Undecoded): dom.Value {
  return value instanceof IonSlice ? decodeIon(value) : value;
}

/** The value at a path; MISSING where it leads nowhere. Only that is decoded. */
export function valueAt(root: Undecoded | undefined, path: readonly PathKey[]): dom.Value | undefined {
  const node = nodeAt(root, path);
  return node && decoded(node);
}

/** The same as it is at hand: nothing is decoded. */
export function nodeAt(root: Undecoded | undefined, path: readonly PathKey[]): Undecoded | undefined {
  let node: IonNode | undefined = root;
  for (const key of path) {
    if (node === undefined) return undefined;
    node = childOfNode(node, key);
  }
  // A part of what is no draft is none either.
  return node as Undecoded | undefined;
}

/** True for a struct, and not for `null.struct`. */
export function isStructNode(node: IonNode): boolean {
  if (node instanceof IonSlice) return node.code === TypeCode.STRUCT && !node.isNull;
  return node instanceof IonDraft ? node.code === TypeCode.STRUCT : isStruct(node);
}

/** True for a list or S-expression, and not for a null of these types. */
export function isListNode(node: IonNode): boolean {
  if (node instanceof IonSlice)
    return (node.code === TypeCode.LIST || node.code === TypeCode.SEXP) && !node.isNull;
  return node instanceof IonDraft ? node.code !== TypeCode.STRUCT : sequenceOf(node) !== undefined;
}

/** The fields of a struct in order, one entry for each of several of one name. */
export function fieldsOfNode(node: IonNode): readonly DraftMember[] {
  if (node instanceof IonSlice) return node.fields();
  return node instanceof IonDraft ? node.members : fieldsOf(node);
}

/** The elements of a list or S-expression. */
export function elementsOfNode(node: IonNode): readonly IonNode[] {
  if (node instanceof IonSlice) return node.elements();
  return node instanceof IonDraft ? node.members.map(([, value]) => value) : (elementsOf(node) ?? []);
}

/** The items of a FROM item's range; a null has no elements, and any other value that is no list is its only element. */
export function rangeOverNode(node: Undecoded): readonly Undecoded[] {
  if (!(node instanceof IonSlice)) return rangeOver(node);
  if (node.isNull) return [];
  return isListNode(node) ? node.elements() : [node];
}

/** The value of a key; MISSING if it leads nowhere. Of several fields of one name it is the last. */
export function childOfNode(node: IonNode, key: PathKey): IonNode | undefined {
  return typeof key === "number" ? elementOfNode(node, key) : fieldOfNode(node, key);
}

function fieldOfNode(node: IonNode, name: string): IonNode | undefined {
  if (!isStructNode(node)) return undefined;
  if (node instanceof IonSlice) return node.field(name);
  if (node instanceof IonDraft) return node.members.findLast(([each]) => each === name)?.[1];
  return fieldOf(node, name);
}

function elementOfNode(node: IonNode, index: number): IonNode | undefined {
  if (!isListNode(node)) return undefined;
  if (node instanceof IonSlice) return node.element(index);
  return node instanceof IonDraft ? node.members[index]?.[1] : sequenceOf(node)?.[index];
}

/** A struct with these fields, and with the annotations of `old`. */
export function withFields(old: IonNode, fields: readonly DraftMember[]): IonDraft {
  return new IonDraft(TypeCode.STRUCT, fields, annotationsOf(old));
}

/** A list or S-expression, as `old` is, with these elements and with the annotations of `old`. */
export function withElements(old: IonNode, elements: readonly IonNode[]): IonDraft {
  const members = elements.map((element): DraftMember => [undefined, element]);
  return new IonDraft(isSexp(old) ? TypeCode.SEXP : TypeCode.LIST, members, annotationsOf(old));
}

function isSexp(node: IonNode): boolean {
  const code = node instanceof IonSlice || node instanceof IonDraft ? node.code : node.getType().binaryTypeId;
  return code === TypeCode.SEXP;
}

function annotationsOf(node: IonNode): readonly (string | undefined)[] {
  if (node instanceof IonSlice) return node.annotations();
  return node instanceof IonDraft ? node.annotations : node.getAnnotations();
}
