// SPDX-License-Identifier: MIT

/** A line of a receipt file, as far as the page shows it. See docs/guides/receipts.md. */
export interface Receipt {
  readonly source: string;
  readonly at: string;
  readonly outcome: string;
  readonly reason: string | undefined;
  /** Why there is no revision. */
  readonly unknown: string | undefined;
  readonly event: ReceiptEvent | undefined;
  readonly revision: ReceiptRevision | undefined;
}

/** The event that a receipt is of. */
export interface ReceiptEvent {
  readonly op: string;
  readonly table: string;
  /** As Ion text. */
  readonly id: string | undefined;
  readonly version: number | undefined;
}

/** Where the content of the event is in the ledger. */
export interface ReceiptRevision {
  readonly documentId: string;
  readonly version: number;
  readonly strandId: string;
  readonly sequenceNo: number;
  /** In base64. */
  readonly hash: string;
}

/** Reads a line of a receipt file; `undefined` if it is no receipt of the first form. */
export function parseReceipt(line: string): Receipt | undefined {
  const value = parseObject(line);
  const source = textOf(value["source"]);
  const outcome = textOf(value["outcome"]);
  if (value["receipt"] !== 1 || source === undefined || outcome === undefined) return undefined;
  return {
    source,
    outcome,
    at: textOf(value["at"]) ?? "",
    reason: textOf(value["reason"]),
    unknown: textOf(value["unknown"]),
    event: eventOf(objectOf(value["event"])),
    revision: revisionOf(objectOf(value["revision"])),
  };
}

type Fields = Readonly<Record<string, unknown>>;

function eventOf({ op, table, id, version }: Fields): ReceiptEvent | undefined {
  if (typeof op !== "string" || typeof table !== "string") return undefined;
  return { op, table, id: textOf(id), version: typeof version === "number" ? version : undefined };
}

function revisionOf({ documentId, version, blockAddress, hash }: Fields): ReceiptRevision | undefined {
  const { strandId, sequenceNo } = objectOf(blockAddress);
  if (typeof documentId !== "string" || typeof version !== "number") return undefined;
  if (typeof strandId !== "string" || typeof sequenceNo !== "number" || typeof hash !== "string")
    return undefined;
  return { documentId, version, strandId, sequenceNo, hash };
}

function parseObject(line: string): Fields {
  try {
    return objectOf(JSON.parse(line));
  } catch {
    // A killed process leaves a line that is cut off.
    return {};
  }
}

function objectOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
