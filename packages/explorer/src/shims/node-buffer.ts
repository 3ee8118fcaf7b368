// SPDX-License-Identifier: MIT

/** Takes the place of Node.js' `isUtf8`. */
export function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
