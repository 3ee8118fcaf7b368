// SPDX-License-Identifier: MIT
import { formatHash, type Hash } from "@ledger-loader/ion";
import type { JSX } from "preact";

/** A hash in base64, to be read and copied. */
export function HashText({ hash }: { readonly hash: Hash | undefined }): JSX.Element {
  return <code class="hash">{hash === undefined || hash.length === 0 ? "none" : formatHash(hash)}</code>;
}
