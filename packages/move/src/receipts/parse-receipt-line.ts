// SPDX-License-Identifier: MIT
import type { LoadReceipt } from "@ledger-loader/core";
import type { ReceiptLine } from "./verify-receipts";

/** Reads the lines of a receipt file. Empty lines are skipped. */
export async function* readReceiptLines(lines: AsyncIterable<string>): AsyncGenerator<ReceiptLine> {
  let at = 0;
  for await (const text of lines) {
    at += 1;
    if (text.trim() !== "") yield { line: at, receipt: parseReceiptLine(text) };
  }
}

/** Reads a line of a receipt file; `undefined` if it is no receipt of a form that is known. */
export function parseReceiptLine(text: string): LoadReceipt | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // A line that a crash cut off: the caller counts it.
    return undefined;
  }
  return isReceipt(value) ? value : undefined;
}

function isReceipt(value: unknown): value is LoadReceipt {
  if (typeof value !== "object" || value === null) return false;
  const { receipt, source, outcome, event, revision } = value as Partial<LoadReceipt>;
  const isHead = receipt === 1 && typeof source === "string" && typeof outcome === "string";
  if (!isHead) return false;
  return revision === undefined || (isRevision(revision) && typeof event?.table === "string");
}

function isRevision(value: unknown): boolean {
  const { documentId, version, hash, blockAddress } = Object(value) as Partial<
    NonNullable<LoadReceipt["revision"]>
  >;
  return (
    typeof documentId === "string" &&
    typeof version === "number" &&
    typeof hash === "string" &&
    typeof blockAddress?.strandId === "string" &&
    typeof blockAddress.sequenceNo === "number"
  );
}
