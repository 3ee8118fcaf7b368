// SPDX-License-Identifier: MIT
import { formatHash, type Hash } from "@ledger-loader/ion";

/** The first and last characters of a hash in base64. */
export function shortHash(hash: Hash): string {
  const text = formatHash(hash);
  return text.length > 14 ? `${text.slice(0, 8)}…${text.slice(-5)}` : text;
}
