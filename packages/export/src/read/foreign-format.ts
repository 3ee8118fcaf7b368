// SPDX-License-Identifier: MIT

/** Names that every block of QLDB holds. Binary Ion spells them in its symbol table. */
const BLOCK_FIELDS = /blockAddress|blockTimestamp|entriesHash|previousBlockHash/;

/** Formats that are told by their first bytes: what a download leaves instead of an object, or another export. */
const FORMATS: readonly (readonly [name: string, begin: RegExp])[] = [
  ["HTML", /^\s*<(!doctype html|html)/i],
  ["XML, perhaps the error of a download", /^\s*<(\?xml|Error)/i],
  ["a zip archive", /^PK\x03\x04/],
  ["Parquet", /^PAR1/],
  ["gzip within gzip", /^\x1f\x8b/],
  ["Zstandard compression", /^\x28\xb5\x2f\xfd/],
  ["bzip2 compression", /^BZh/],
  ["xz compression", /^\xfd7zXZ/],
  ["text in UTF-16", /^(\xff\xfe|\xfe\xff)/],
  ["Ion that holds no block", /^\xe0\x01\x00\xea|^\s*\$ion_1_0/],
  ["a struct that is no block", /^\s*\{/],
];

/**
 * Names the format of content that does not begin as a journal's blocks do; `undefined` if it does.
 *
 * Damage leaves the names of a block's fields, so that a damaged journal is not taken for another format.
 */
export function foreignFormat(head: Uint8Array): string | undefined {
  const text = Buffer.from(head).toString("latin1");
  if (BLOCK_FIELDS.test(text)) return undefined;
  return FORMATS.find(([, begin]) => begin.test(text))?.[0] ?? "content of an unknown format";
}
