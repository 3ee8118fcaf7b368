// SPDX-License-Identifier: MIT

/** 32 bytes in base64, and nothing that continues them. */
const HASH = /(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{43}=(?![A-Za-z0-9+/=])/g;

/** A block address as Ion text, perhaps with the escapes of a string around it. */
const ADDRESS =
  /\{\s*\\?["']?strandId\\?["']?\s*:\s*\\?"(\w{22})\\?"\s*,\s*\\?["']?sequenceNo\\?["']?\s*:\s*(\d{1,15})\s*\}/g;

/** A digest as tools print it: the hash in base64 and the address of its tip. */
export interface PrintedDigest {
  readonly hash: string;
  readonly strandId: string;
  readonly sequenceNo: number;
}

/**
 * Finds the digest in text that is neither JSON nor Ion: YAML, tab-separated text or a table, as the AWS CLI prints
 * them with `--output`, or the lines of `ledger-loader ledger digest`.
 *
 * `undefined` unless the text holds exactly one hash and exactly one address: of several, none is chosen.
 */
export function findPrintedDigest(text: string): PrintedDigest | undefined {
  const [hash, otherHash] = new Set([...text.matchAll(HASH)].map(([found]) => found));
  const addresses = [...text.matchAll(ADDRESS)];
  const [, strandId, sequenceNo] = addresses[0] ?? [];
  if (hash === undefined || otherHash !== undefined || addresses.length !== 1) return undefined;
  if (strandId === undefined || sequenceNo === undefined) return undefined;
  return { hash, strandId, sequenceNo: Number(sequenceNo) };
}
