// SPDX-License-Identifier: MIT
import type { dom } from "ion-js";
import { MAX_ION_DEPTH, UnencodableValueError } from "../ion-errors";
import { copySlice } from "./copy-slice";
import { writeValue } from "./encode-ion";
import { IonSlice } from "./ion-slice";
import { IonWriter } from "./ion-writer";
import { TypeCode } from "./type-code";

/** A value as it is at hand: decoded, in bytes, or changed and not encoded yet. */
export type IonNode = dom.Value | IonSlice | IonDraft;

/** A field of a struct; `undefined` names one whose symbol has no text. Elements of lists have no name. */
export type DraftMember = readonly [name: string | undefined, value: IonNode];

/**
 * A container put together from values as they are at hand.
 *
 * To change a part of a document, its containers are taken apart along the way to that part. All other values stay
 * bytes, are copied when the draft is encoded, and are never decoded.
 */
export class IonDraft {
  readonly code: typeof TypeCode.STRUCT | typeof TypeCode.LIST | typeof TypeCode.SEXP;
  readonly annotations: readonly (string | undefined)[];
  /** The fields or elements, in order. */
  readonly members: readonly DraftMember[];

  constructor(
    code: IonDraft["code"],
    members: readonly DraftMember[],
    annotations: readonly (string | undefined)[] = [],
  ) {
    this.code = code;
    this.members = members;
    this.annotations = annotations;
  }
}

/** True for a value that is decoded. */
export function isDecoded(node: IonNode): node is dom.Value {
  return !(node instanceof IonSlice || node instanceof IonDraft);
}

/**
 * Encodes a value as it is at hand as self-contained Ion 1.0 binary.
 *
 * @throws UnencodableValueError or MalformedIonError if a part of it is no Ion value, or nests too deeply.
 */
export function encodeNode(node: IonNode): Uint8Array {
  const writer = new IonWriter();
  writeNode(writer, node, 0);
  return writer.finish();
}

function writeNode(writer: IonWriter, node: IonNode, depth: number): void {
  if (node instanceof IonSlice) copySlice(writer, node, depth);
  else if (node instanceof IonDraft) writeDraft(writer, node, depth);
  else writeValue(writer, node, depth);
}

function writeDraft(writer: IonWriter, { code, annotations, members }: IonDraft, depth: number): void {
  if (depth >= MAX_ION_DEPTH) {
    throw new UnencodableValueError(
      `Expected containers nested at most ${MAX_ION_DEPTH} deep: flatten the value.`,
    );
  }
  if (annotations.length > 0) writer.openAnnotations(annotations);
  writer.open(code);
  for (const [name, value] of members) {
    if (code === TypeCode.STRUCT) writer.fieldName(name);
    writeNode(writer, value, depth + 1);
  }
  writer.close();
  if (annotations.length > 0) writer.close();
}
