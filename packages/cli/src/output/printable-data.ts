// SPDX-License-Identifier: MIT
import { printable } from "@ledger-loader/errors";

/** Ion or JSON as it can be shown to people. The escapes of {@link printable} are escapes of both, so nothing is lost. */
export function printableData(text: string): string {
  return text.split("\n").map(printable).join("\n");
}
