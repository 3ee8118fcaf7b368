// SPDX-License-Identifier: MIT
import { LedgerLoaderError } from "@ledger-loader/errors";
import {
  type Block,
  type BlockAddress,
  decodeBlock,
  decodeBlockAddress,
  encodeProof,
  encodeRevision,
  formatBlockAddress,
  revisionProof,
} from "@ledger-loader/journal";
import { decodeIon, formatHash, readSingleValue, transcodeToBinary } from "@ledger-loader/ion";
import { dumpText } from "ion-js";
import type { EmbeddedLedger } from "../embedded-ledger";
import { invalidParameter } from "./aws-error";
import { type JsonObject, readObject, readString } from "./json";

type Answer = Record<string, unknown>;

/** `GetDigest`: the hash of the whole journal. */
export async function getDigest(ledger: EmbeddedLedger): Promise<Answer> {
  const { hash, tipAddress } = await ledger.digest();
  return { Digest: formatHash(hash), DigestTipAddress: { IonText: formatBlockAddress(tipAddress) } };
}

/** `GetBlock`: a block and, where a digest's tip is given, its proof. */
export async function getBlock(ledger: EmbeddedLedger, body: JsonObject): Promise<Answer> {
  const { ion, block } = await readRequestedBlock(ledger, body);
  const tip = await readTip(ledger, body, block.blockAddress);
  const answer = { Block: { IonText: toText(ion) } };
  if (tip === undefined) return answer;
  const proof = await ledger.proveBlock(block.blockAddress.sequenceNo, tip);
  return { ...answer, Proof: { IonText: toText(encodeProof(proof)) } };
}

/** `GetRevision`: a document's revision in one block and, where a digest's tip is given, its proof. */
export async function getRevision(ledger: EmbeddedLedger, body: JsonObject): Promise<Answer> {
  const documentId = readString(body, "DocumentId");
  const { block } = await readRequestedBlock(ledger, body);
  const revisions = block.revisions ?? [];
  const at = revisions.findIndex(({ metadata }) => metadata?.id === documentId);
  const revision = revisions[at];
  if (revision === undefined) {
    throw invalidParameter("DocumentId", "Expected a document with a revision in that block, found none.");
  }
  const tip = await readTip(ledger, body, block.blockAddress);
  const answer = { Revision: { IonText: toText(encodeRevision(revision)) } };
  if (tip === undefined) return answer;
  const proof = revisionProof(block, at, await ledger.proveBlock(block.blockAddress.sequenceNo, tip));
  return { ...answer, Proof: { IonText: toText(encodeProof(proof)) } };
}

async function readRequestedBlock(
  ledger: EmbeddedLedger,
  body: JsonObject,
): Promise<{ ion: Uint8Array; block: Block }> {
  const address = readAddress(ledger, body, "BlockAddress");
  const stored = await ledger.readBlock(address.sequenceNo);
  if (stored !== undefined) return { ion: stored.ion, block: decodeBlock(stored.ion) };
  throw invalidParameter(
    "BlockAddress",
    "Expected the address of a block of the journal, found one beyond its end.",
  );
}

/** The last block that the proof's digest covers; absent if no proof is asked for. */
async function readTip(
  ledger: EmbeddedLedger,
  body: JsonObject,
  block: BlockAddress,
): Promise<number | undefined> {
  if ((body["DigestTipAddress"] ?? undefined) === undefined) return undefined;
  const { sequenceNo } = readAddress(ledger, body, "DigestTipAddress");
  const newest = (await ledger.readHead())?.sequenceNo ?? block.sequenceNo;
  if (sequenceNo >= block.sequenceNo && sequenceNo <= newest) return sequenceNo;
  throw invalidParameter(
    "DigestTipAddress",
    `Expected a tip from block ${block.sequenceNo} to block ${newest}, found block ${sequenceNo}.`,
  );
}

function readAddress(ledger: EmbeddedLedger, body: JsonObject, name: string): BlockAddress {
  const { IonText: text } = readObject(body, name);
  if (typeof text !== "string") {
    throw invalidParameter(name, "Expected a block address with IonText, found none.");
  }
  const address = parseAddress(text, name);
  if (address.strandId === ledger.description.strandId) return address;
  throw invalidParameter(name, "Expected a block address of this ledger's strand, found another strand.");
}

function parseAddress(text: string, name: string): BlockAddress {
  try {
    return decodeBlockAddress(readSingleValue(transcodeToBinary(text)));
  } catch (error) {
    if (!(error instanceof LedgerLoaderError)) throw error;
    throw invalidParameter(
      name,
      "Expected {strandId: string, sequenceNo: int} as Ion text, found something else.",
    );
  }
}

function toText(ion: Uint8Array): string {
  return dumpText(decodeIon(ion));
}
