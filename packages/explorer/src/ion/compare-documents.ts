// SPDX-License-Identifier: MIT
import type { IonSlice } from "@ledger-loader/ion";
import { ionText } from "./plain-text";

/** A place in a document where two revisions differ. */
export interface FieldChange {
  /** `Owners.Primary.PersonId`, `Tags[2]`; empty for the whole document. */
  readonly path: string;
  /** Ion text. `undefined` if only the later revision has the field. */
  readonly before: string | undefined;
  /** Ion text. `undefined` if only the earlier revision has the field. */
  readonly after: string | undefined;
}

/** The places where two documents differ, in the order of the later one. Fields that were removed come last. */
export function compareDocuments(
  before: IonSlice | undefined,
  after: IonSlice | undefined,
): readonly FieldChange[] {
  const old = leavesOf(before);
  const now = leavesOf(after);
  const changes: FieldChange[] = [];
  for (const [path, text] of now) {
    if (old.get(path) !== text) changes.push({ path, before: old.get(path), after: text });
  }
  for (const [path, text] of old) {
    if (!now.has(path)) changes.push({ path, before: text, after: undefined });
  }
  return changes;
}

function leavesOf(document: IonSlice | undefined): ReadonlyMap<string, string> {
  const leaves = new Map<string, string>();
  if (document !== undefined) addLeaves(document, "", leaves);
  return leaves;
}

/** Adds what a value consists of. An annotated container is a leaf: its annotations belong to the value. */
function addLeaves(value: IonSlice, path: string, leaves: Map<string, string>): void {
  const parts = value.isNull || value.isAnnotated ? [] : partsOf(value, path);
  if (parts.length === 0) leaves.set(uniquePath(path, leaves), ionText(value));
  for (const [partPath, part] of parts) addLeaves(part, partPath, leaves);
}

function partsOf(value: IonSlice, path: string): [path: string, part: IonSlice][] {
  if (value.type === "struct") {
    return value
      .fields()
      .map(([name, field]) => [path === "" ? nameOf(name) : `${path}.${nameOf(name)}`, field]);
  }
  if (value.type !== "list" && value.type !== "sexp") return [];
  return value.elements().map((element, index) => [`${path}[${index}]`, element]);
}

function nameOf(name: string | undefined): string {
  return name ?? "$0";
}

/** A struct may have several fields of one name. */
function uniquePath(path: string, leaves: ReadonlyMap<string, string>): string {
  let unique = path;
  for (let count = 2; leaves.has(unique); count++) unique = `${path} (${count})`;
  return unique;
}
