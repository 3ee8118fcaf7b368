// SPDX-License-Identifier: MIT
import { join } from "node:path";
import { type ExportWriterOptions, writeExport } from "@ledger-loader/export";
import { transcodeToBinary } from "@ledger-loader/ion";
import {
  type Block,
  MerkleTree,
  type Revision,
  buildBlock,
  buildRevision,
  encodeBlock,
  encodeTransactionInfo,
  redactRevision,
  statementDigest,
} from "@ledger-loader/journal";

export const STRAND = "KmA3ZZca7vAIiJAK9S5Iwl";

/** A revision of a document of its own, `{n:1}`, as it stands in the journal. */
export interface SampleRevision {
  readonly n: number;
  readonly kind?: "data" | "redacted" | "hash-only";
}

/** Blocks from 0 on, each with the revisions given for it. */
export function sampleBlocks(blocks: readonly (readonly SampleRevision[])[]): Block[] {
  let previousBlockHash: Block["previousBlockHash"];
  return blocks.map((revisions, sequenceNo) => {
    const block = sampleBlock(sequenceNo, revisions, previousBlockHash);
    previousBlockHash = block.blockHash;
    return block;
  });
}

function sampleBlock(
  sequenceNo: number,
  samples: readonly SampleRevision[],
  previousBlockHash: Block["previousBlockHash"],
): Block {
  const blockAddress = { strandId: STRAND, sequenceNo };
  const transactionId = `Tx${String(sequenceNo).padStart(20, "0")}`;
  const txTime = `2020-06-01T10:00:0${sequenceNo}.100Z`;
  const revisions = samples.map(({ n, kind }): Revision => {
    const metadata = { id: sampleId(n), version: 0, txTime, txId: transactionId };
    const revision = buildRevision({ blockAddress, metadata, data: transcodeToBinary(`{n:${n}}`) });
    if (kind === "hash-only") return { hash: revision.hash };
    return kind === "redacted" ? redactRevision(revision) : revision;
  });
  const named = samples.filter(({ kind }) => kind !== "hash-only");
  const table = { tableName: "T", tableId: "Table1", statements: [0] };
  const transactionInfo = encodeTransactionInfo({
    statements: [{ statement: "INSERT", startTime: txTime, statementDigest: statementDigest("INSERT") }],
    documents: new Map(named.map(({ n }) => [sampleId(n), table])),
  });
  const blockTimestamp = `2020-06-01T10:00:0${sequenceNo}.230Z`;
  return buildBlock({
    blockAddress,
    transactionId,
    blockTimestamp,
    previousBlockHash,
    transactionInfo,
    revisions,
  });
}

const sampleId = (n: number): string => `D${n}`.padEnd(22, "x");

/** The digest of a journal that begins with block 0. */
export function sampleDigest(blocks: readonly Block[]) {
  const tree = new MerkleTree();
  for (const { blockHash } of blocks) tree.append(blockHash);
  return { hash: tree.root(), tipAddress: blocks.at(-1)!.blockAddress };
}

/** An export in a folder, with its data objects in the journal's order. */
export interface SampleExport {
  readonly manifestPath: string;
  readonly objectPaths: readonly string[];
}

/** Writes blocks as an export in Ion text, with a single data object unless the options say otherwise. */
export async function writeSampleExport(
  folder: string,
  blocks: readonly Block[],
  options: Partial<Pick<ExportWriterOptions, "maxObjectBytes">> = {},
): Promise<SampleExport> {
  const { manifestPath, keys } = await writeExport({
    folder,
    ledgerName: "vehicles",
    strandId: STRAND,
    format: "ion-text",
    blocks: blocks.map((block) => encodeBlock(block)),
    ...options,
  });
  return { manifestPath, objectPaths: keys.map((key) => join(folder, key)) };
}
