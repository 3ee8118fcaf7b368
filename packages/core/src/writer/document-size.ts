// SPDX-License-Identifier: MIT
import type { dom } from "ion-js";
import { ionSizeAtMost } from "@ledger-loader/ion";

const measured = new WeakMap<dom.Struct, number>();

/** Measures a document's size as {@link ionSizeAtMost}, and keeps it for {@link documentSize}: measuring takes as long as encoding. */
export function measureDocument(document: dom.Struct): number {
  const bytes = ionSizeAtMost(document);
  measured.set(document, bytes);
  return bytes;
}

/** The size that was measured when the document was planned, or is measured now. The document MUST NOT have changed since. */
export function documentSize(document: dom.Struct): number {
  return measured.get(document) ?? ionSizeAtMost(document);
}
