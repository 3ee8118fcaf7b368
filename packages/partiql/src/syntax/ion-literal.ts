// SPDX-License-Identifier: MIT
import { decodeIon, IonTextStream, MalformedIonError, UnknownSymbolError } from "@ledger-loader/ion";
import type { dom } from "ion-js";
import { NESTING_MAX } from "./token-cursor";

/** One Ion value, or what is wrong with the text, in words that show none of its content. */
export type IonLiteral = { readonly value: dom.Value } | { readonly problem: string };

/** Reads the text between two backticks: exactly one Ion value. */
export function parseIonLiteral(text: string): IonLiteral {
  try {
    const stream = new IonTextStream(text);
    const binary = stream.next();
    if (binary === undefined) return { problem: "none" };
    if (stream.next() !== undefined) return { problem: "several" };
    const value = decodeIon(binary);
    if (isDeeper(value, NESTING_MAX)) return { problem: TOO_DEEP };
    return { value };
  } catch (error) {
    if (error instanceof UnknownSymbolError) return { problem: "a symbol whose text is not known" };
    if (!(error instanceof MalformedIonError)) return { problem: "text that is not Ion" };
    return { problem: error.isTooDeep ? TOO_DEEP : "text that is not Ion" };
  }
}

const TOO_DEEP = `one nested deeper than ${String(NESTING_MAX)} levels`;

/** True if a container stands in so many others. The reader of text has a limit of its own, which recursion can reach. */
function isDeeper(value: dom.Value, levels: number): boolean {
  if (value.isNull() || !value.getType().isContainer) return false;
  return levels === 0 || value.elements().some((member) => isDeeper(member, levels - 1));
}
