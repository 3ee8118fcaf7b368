// SPDX-License-Identifier: MIT
import type { IonWriter } from "../binary/ion-writer";
import { TypeCode } from "../binary/type-code";
import { decodeShortBase64 } from "./base64";
import { Char, type TextCursor } from "./text-cursor";

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** Reads the clob or blob whose two opening braces are here, and writes it. */
export function writeTextLob(cursor: TextCursor, writer: IonWriter): void {
  cursor.at += 2;
  cursor.skipSpaces();
  if (cursor.here === Char.DOUBLE_QUOTE || cursor.here === Char.QUOTE) writeClob(cursor, writer);
  else writeBlob(cursor, writer);
  cursor.expect(Char.CLOSE_BRACE);
  cursor.expect(Char.CLOSE_BRACE);
}

function writeClob(cursor: TextCursor, writer: IonWriter): void {
  const isShort = cursor.here === Char.DOUBLE_QUOTE;
  const text = isShort ? cursor.quoted(Char.DOUBLE_QUOTE, true) : cursor.longQuoted(true);
  cursor.skipSpaces();
  writer.lob(TypeCode.CLOB, Buffer.from(text, "latin1"));
}

function writeBlob(cursor: TextCursor, writer: IonWriter): void {
  const short = decodeShortBase64(cursor.bytes, cursor.at);
  if (short !== undefined) {
    writer.lob(TypeCode.BLOB, short.bytes);
    cursor.at = short.end;
    return;
  }
  const start = cursor.at;
  const end = findEnd(cursor.bytes, start);
  const base64 = cursor.latin1(start, end).replace(/\s+/g, "");
  if (end === cursor.bytes.length || base64.length % 4 !== 0 || !BASE64.test(base64))
    cursor.fail("base64 and two closing braces");
  writer.lob(TypeCode.BLOB, Buffer.from(base64, "base64"));
  cursor.at = end;
}

/** Where the next two closing braces stand, or the end of the text. */
function findEnd(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(Char.CLOSE_BRACE, from); at >= 0; at = bytes.indexOf(Char.CLOSE_BRACE, at + 1))
    if (bytes[at + 1] === Char.CLOSE_BRACE) return at;
  return bytes.length;
}
