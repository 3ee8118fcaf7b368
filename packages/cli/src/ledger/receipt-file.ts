// SPDX-License-Identifier: MIT
import { createHash } from "node:crypto";
import { LedgerLoaderError } from "@ledger-loader/errors";
import { type Receipt, parseDigest, parseReceipt } from "@ledger-loader/journal";
import { isVersionMarker } from "@ledger-loader/ion";
import { FileError } from "../cli-errors";
import { decodeNamedFile } from "../decode-named-file";
import { readNamedBytes } from "../files";
import { readPrintedAnswer } from "./printed-answer";

/** A file with a saved answer or receipt. */
export interface ReceiptFile {
  readonly path: string;
  /** Of its bytes, in hexadecimal digits. */
  readonly sha256: string;
  readonly receipt: Receipt;
}

/** Reads a saved proof, receipt or digest. Throws {@link FileError}. */
export async function readReceiptFile(path: string): Promise<ReceiptFile> {
  const bytes = await readNamedBytes(path, "a proof");
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return { path, sha256, receipt: parseReceiptFile(decodeNamedFile(bytes, path, "a proof"), path) };
}

/**
 * Reads an answer of `GetBlock`, `GetRevision` or `GetDigest` as the AWS CLI prints it (JSON, text, a table or YAML), or a receipt
 * as JSON or Ion.
 *
 * @throws FileError, which names the file.
 */
export function parseReceiptFile(content: Uint8Array, path: string): Receipt {
  try {
    return parseAnyForm(content);
  } catch (cause) {
    if (!(cause instanceof LedgerLoaderError)) throw cause;
    throw new FileError(
      path,
      `expected an answer of GetBlock, GetRevision or GetDigest in ${path}, as "aws qldb" prints it (JSON, text, table or YAML), ` +
        "a receipt, or one of its parts as Ion, found Ion text that is damaged or something else",
      { cause },
    );
  }
}

function parseAnyForm(content: Uint8Array): Receipt {
  if (isVersionMarker(content)) return parseReceipt(content);
  const text = Buffer.from(content).toString("utf8");
  if (/^\s*[{[]/.test(text)) return parseReceipt(text);
  const answer = readPrintedAnswer(text);
  if (answer === undefined) return { subjects: [], proofs: [], digests: [parseDigest(text)] };
  const members = Object.entries(answer).map(([name, ion]) => [name, { IonText: ion as string }]);
  return parseReceipt(JSON.stringify(Object.fromEntries(members)));
}
