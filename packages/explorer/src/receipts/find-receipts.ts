// SPDX-License-Identifier: MIT
import { parseReceipt, type Receipt } from "./receipt";

/** The receipts that were found in a file. */
export interface FoundReceipts {
  /** Those whose place or id is what was looked for; where there is none, those that contain it. */
  readonly receipts: readonly Receipt[];
  readonly isExact: boolean;
  /** True if the file has more of them. */
  readonly hasMore: boolean;
  /** Lines that are receipts, and lines that are none. */
  readonly lines: number;
  readonly unreadable: number;
}

/** More are not shown. */
const FOUND_MAX = 50;

/**
 * Looks for an event in a receipt file: by its place in the source, or by the id of its record, as text or as Ion.
 *
 * A file of any size is read in parts, and only what is found is kept.
 *
 * @param onBytes - told how many bytes were read
 */
export async function findReceipts(
  file: Blob,
  wanted: string,
  onBytes: (bytes: number) => void = () => undefined,
): Promise<FoundReceipts> {
  const found = { exact: new Matches(), partial: new Matches() };
  let lines = 0;
  let unreadable = 0;
  for await (const line of linesOf(file, onBytes)) {
    if (line.trim() === "") continue;
    const receipt = parseReceipt(line);
    if (receipt === undefined) {
      unreadable += 1;
      continue;
    }
    lines += 1;
    const match = matchOf(receipt, wanted);
    if (match !== undefined) found[match].add(receipt);
  }
  const isExact = found.exact.receipts.length > 0;
  const { receipts, hasMore } = isExact ? found.exact : found.partial;
  return { receipts, isExact, hasMore, lines, unreadable };
}

class Matches {
  readonly receipts: Receipt[] = [];
  hasMore = false;

  add(receipt: Receipt): void {
    if (this.receipts.length < FOUND_MAX) this.receipts.push(receipt);
    else this.hasMore = true;
  }
}

function matchOf({ source, event }: Receipt, wanted: string): "exact" | "partial" | undefined {
  const id = event?.id ?? "";
  if (source === wanted || id === wanted || id === JSON.stringify(wanted)) return "exact";
  return source.includes(wanted) || id.includes(wanted) ? "partial" : undefined;
}

async function* linesOf(file: Blob, onBytes: (bytes: number) => void): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const reader = file.stream().getReader();
  let bytes = 0;
  let rest = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const lines = (rest + decoder.decode(part.value, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
    bytes += part.value.length;
    onBytes(bytes);
  }
  yield rest + decoder.decode();
}
