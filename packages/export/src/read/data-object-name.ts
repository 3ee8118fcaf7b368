// SPDX-License-Identifier: MIT

/** Sequence numbers of blocks, both ends included. */
export interface SequenceRange {
  readonly first: number;
  readonly last: number;
}

/** The parts of a data object's key: `<prefix><date partition>/<strandId>.<first>-<last>.ion`. */
export interface DataObjectName extends SequenceRange {
  readonly strandId: string;
  /** `ion` for both Ion formats, `json` for JSON exports. */
  readonly extension: string;
}

/**
 * Only the last path element: the depth of the date partition is not documented and MUST NOT matter.
 * (AWS's export processor takes the range from the same two parts of the name.)
 */
const NAME = /(?:^|\/)([^./]+)\.(\d{1,16})-(\d{1,16})\.(\w+)$/;

/** Parses a data object's key; `undefined` if it is not such a name. */
export function parseDataObjectName(key: string): DataObjectName | undefined {
  const match = NAME.exec(key);
  if (!match) return undefined;
  const [, strandId = "", first, last, extension = ""] = match;
  const range = { first: Number(first), last: Number(last) };
  if (range.first > range.last || !Number.isSafeInteger(range.last)) return undefined;
  return { strandId, ...range, extension };
}

/** Formats a data object's key below `prefix`, with the date partition of `time`. */
export function formatDataObjectName(
  prefix: string,
  time: Date,
  strandId: string,
  range: SequenceRange,
): string {
  const [date = "", clock = ""] = time.toISOString().split("T");
  return `${prefix}${date.replaceAll("-", "/")}/${clock.slice(0, 2)}/${strandId}.${range.first}-${range.last}.ion`;
}
