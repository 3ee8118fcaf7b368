// SPDX-License-Identifier: MIT
import { decodeValues } from "@ledger-loader/core";
import { withDecimalExponents } from "@ledger-loader/ion";
import type { dom } from "ion-js";

/**
 * Decodes what DMS writes, JSON in every case: a number with an exponent is a decimal wherever it stands, and however
 * records are put together, so that one that DMS has shortened is known by its exponent.
 *
 * @throws InvalidEventError if it is not JSON.
 */
export function decodeExactJson(body: string | Uint8Array): readonly dom.Value[] {
  const text = typeof body === "string" ? body : readUtf8(body);
  // Bytes that are no text: the decoder says so.
  if (text === undefined) return decodeValues(body);
  return decodeValues(withDecimalExponents(text));
}

function readUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    // A yes-or-no question, the reason does not matter.
    return undefined;
  }
}
