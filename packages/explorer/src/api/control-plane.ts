// SPDX-License-Identifier: MIT
import { readSingleValue, transcodeToBinary } from "@ledger-loader/ion";
import {
  type Block,
  type BlockAddress,
  decodeBlock,
  decodeRevision,
  type Digest,
  formatBlockAddress,
  parseDigest,
  parseProof,
  type Proof,
  type Revision,
} from "@ledger-loader/journal";
import { send, sendForJson } from "./server";

/** A line in the list of ledgers. */
export interface LedgerLine {
  readonly name: string;
  readonly state: string;
  readonly createdAt: Date | undefined;
}

/** The server's answer about one ledger. */
export interface LedgerDescription extends LedgerLine {
  readonly arn: string;
  readonly permissionsMode: string;
  readonly hasDeletionProtection: boolean;
}

/** A block with the proof that a digest covers it. */
export interface ProvenBlock {
  readonly block: Block;
  readonly proof: Proof;
}

/** A revision with the proof that a digest covers it. */
export interface ProvenRevision {
  readonly revision: Revision;
  readonly proof: Proof;
}

/** All ledgers of the server, page by page. @throws ServerError */
export async function listLedgers(): Promise<readonly LedgerLine[]> {
  const ledgers: LedgerLine[] = [];
  let token: unknown;
  do {
    const query = typeof token === "string" ? { next_token: token } : {};
    const answer = await sendForJson({ method: "GET", path: "/ledgers", query });
    ledgers.push(...(answer["Ledgers"] as Record<string, unknown>[]).map(toLine));
    token = answer["NextToken"];
  } while (typeof token === "string");
  return ledgers;
}

/** @throws ServerError */
export async function describeLedger(name: string): Promise<LedgerDescription> {
  const answer = await sendForJson({ method: "GET", path: pathOf(name) });
  return {
    ...toLine(answer),
    arn: textOf(answer["Arn"]),
    permissionsMode: textOf(answer["PermissionsMode"]),
    hasDeletionProtection: answer["DeletionProtection"] === true,
  };
}

/** @throws ServerError */
export async function createLedger(name: string): Promise<void> {
  const body = { Name: name, PermissionsMode: "ALLOW_ALL", DeletionProtection: false };
  await sendForJson({ method: "POST", path: "/ledgers", body });
}

/** The digest of the whole journal. @throws ServerError, also for a ledger without a block */
export async function readDigest(ledger: string): Promise<Digest> {
  const answer = await sendForJson({ method: "POST", path: pathOf(ledger, "digest") });
  return parseDigest(JSON.stringify(answer));
}

/** @throws ServerError */
export async function readBlock(ledger: string, address: BlockAddress): Promise<Block> {
  const body = { BlockAddress: addressBody(address) };
  const answer = await sendForJson({ method: "POST", path: pathOf(ledger, "block"), body });
  return decodeBlock(ionOf(answer["Block"]));
}

/** A block and its proof for the digest with this tip. @throws ServerError */
export async function readProvenBlock(
  ledger: string,
  address: BlockAddress,
  tip: BlockAddress,
): Promise<ProvenBlock> {
  const body = { BlockAddress: addressBody(address), DigestTipAddress: addressBody(tip) };
  const answer = await sendForJson({ method: "POST", path: pathOf(ledger, "block"), body });
  return { block: decodeBlock(ionOf(answer["Block"])), proof: proofOf(answer) };
}

/** A document's revision in one block, and its proof for the digest with this tip. @throws ServerError */
export async function readProvenRevision(
  ledger: string,
  { documentId, address }: { readonly documentId: string; readonly address: BlockAddress },
  tip: BlockAddress,
): Promise<ProvenRevision> {
  const body = {
    BlockAddress: addressBody(address),
    DocumentId: documentId,
    DigestTipAddress: addressBody(tip),
  };
  const answer = await sendForJson({ method: "POST", path: pathOf(ledger, "revision"), body });
  return { revision: decodeRevision(ionOf(answer["Revision"])), proof: proofOf(answer) };
}

/** A copy of the ledger's file, or its blocks as Ion binary. @throws ServerError */
export async function download(ledger: string, what: "backup" | "journal"): Promise<Blob> {
  const response = await send({ method: "GET", path: pathOf(ledger, what) });
  return response.blob();
}

/** The path of a ledger, or of something below it. */
export function pathOf(ledger: string, below?: string): string {
  const path = `/ledgers/${encodeURIComponent(ledger)}`;
  return below === undefined ? path : `${path}/${below}`;
}

function toLine(answer: Readonly<Record<string, unknown>>): LedgerLine {
  const seconds = answer["CreationDateTime"];
  return {
    name: textOf(answer["Name"]),
    state: textOf(answer["State"]),
    createdAt: typeof seconds === "number" ? new Date(seconds * 1000) : undefined,
  };
}

function addressBody(address: BlockAddress): { readonly IonText: string } {
  return { IonText: formatBlockAddress(address) };
}

function proofOf(answer: Readonly<Record<string, unknown>>): Proof {
  return parseProof(JSON.stringify({ Proof: answer["Proof"] }));
}

function ionOf(member: unknown): ReturnType<typeof readSingleValue> {
  return readSingleValue(transcodeToBinary((member as { readonly IonText: string }).IonText));
}

function textOf(member: unknown): string {
  return typeof member === "string" ? member : "";
}
