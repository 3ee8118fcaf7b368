// SPDX-License-Identifier: MIT

/** True if the text stands somewhere in the body. */
export function bodyIncludes(body: string | Uint8Array, text: string): boolean {
  return typeof body === "string" ? body.includes(text) : viewOf(body).includes(text);
}

/** The body as text, without a byte order mark. Bytes that are not UTF-8 become replacement characters. */
export function bodyText(body: string | Uint8Array): string {
  return withoutByteOrderMark(typeof body === "string" ? body : viewOf(body).toString());
}

/** The text without the mark that Windows tools put before it. */
export function withoutByteOrderMark(text: string): string {
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}

/** The same memory: bodies are long. */
function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
