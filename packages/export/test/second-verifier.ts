// SPDX-License-Identifier: MIT
// A second verifier of exports in Ion, written from docs/reference/format.md alone, on ion-js and ion-hash-js. It shares no code with
// the verifier that it is compared with. Numbers are sections of that page.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type dom, IonTypes, dumpText, load, loadAll } from "ion-js";
import { NONE, type TrustedDigest, dotOf, ionHash, rootOf, sha256 } from "./second-hashes";

/** The answer, with all rules that are broken. */
export interface SecondVerdict {
  readonly verdict: "passed" | "failed" | "incomplete";
  readonly problems: readonly string[];
}

const bytesOf = (value: dom.Value | null | undefined): Buffer =>
  Buffer.from(value?.uInt8ArrayValue() ?? NONE);
const textOf = (value: dom.Value | null | undefined): string => value?.stringValue() ?? "";

function read(content: string | Uint8Array): dom.Value {
  const value = load(content);
  if (value === null) throw new Error("expected a value");
  return value;
}
const isEmptyBlob = (value: dom.Value | null): boolean =>
  value?.getType() === IonTypes.BLOB && value.uInt8ArrayValue()?.length === 0;

/** Verifies an export in a folder, with the manifest and the data objects in it. */
export function verifyAgain(manifestPath: string, digests: readonly TrustedDigest[] = []): SecondVerdict {
  const verifier = new SecondVerifier();
  try {
    verifier.run(manifestPath, digests);
  } catch (error) {
    verifier.require(false, `unreadable: ${String(error)}`);
  }
  const verdict = verifier.problems.length > 0 ? "failed" : verifier.unchecked > 0 ? "incomplete" : "passed";
  return { verdict, problems: verifier.problems };
}

class SecondVerifier {
  readonly problems: string[] = [];
  unchecked = 0;
  readonly #hashes: Buffer[] = [];
  readonly #deletions = { matched: 0, unmatched: 0 };
  #previous: { hash: Buffer; isSealed: boolean } | undefined;

  require(holds: boolean, problem: string): void {
    if (!holds) this.problems.push(problem);
  }

  #checkerOf(where: string): (holds: boolean, what: string) => void {
    return (holds, what) => {
      this.require(holds, `${where}: ${what}`);
    };
  }

  /** 1 */
  run(manifestPath: string, digests: readonly TrustedDigest[]): void {
    for (const key of read(readFileSync(manifestPath)).get("keys")?.elements().map(textOf) ?? []) {
      const [, strandId, from, to] = /([^./]+)\.(\d+)-(\d+)\.\w+$/.exec(key) ?? [];
      const [first, last] = [Number(from), Number(to)];
      const parts = key.split("/");
      const path = parts.map((_, i) => join(dirname(manifestPath), ...parts.slice(i))).find(existsSync);
      if (path === undefined) {
        this.unchecked++;
        this.require(
          !digests.some((each) => each.strandId === strandId && each.tip >= first),
          `${key}: missing`,
        );
        continue;
      }
      const blocks = loadAll(readFileSync(path));
      this.require(blocks.length === last - first + 1, `${key}: ${blocks.length} blocks`);
      for (const [index, block] of blocks.entries()) this.#block(block, strandId, first + index);
    }
    const { matched, unmatched } = this.#deletions;
    this.require(matched === 0 || unmatched === 0, "a deletion has another hash than the others");
    this.unchecked += unmatched;
    for (const digest of digests) this.#digest(digest);
  }

  /** 2, 4.3 and 5 */
  #block(block: dom.Value, strandId: string | undefined, expected: number): void {
    const check = this.#checkerOf(`block ${expected}`);
    const address = block.get("blockAddress");
    const isHere = address?.get("sequenceNo")?.numberValue() === expected;
    check(isHere && textOf(address.get("strandId")) === strandId, "address");
    const entries = block.get("entriesHashList")?.elements().map(bytesOf) ?? [];
    const [hash, before] = [bytesOf(block.get("blockHash")), bytesOf(block.get("previousBlockHash"))];
    check(bytesOf(block.get("entriesHash")).equals(rootOf(entries)), "entriesHash");
    const isZero = expected === 0 && before.length === 32 && before.every((byte) => byte === 0);
    const links = [before, ...(isZero ? [NONE] : [])].filter(({ length }) => length === 32 || expected === 0);
    check(
      links.some((link) => dotOf(rootOf(entries), link).equals(hash)),
      "blockHash",
    );
    const has = (entry: Buffer): boolean => entries.some((each) => each.equals(entry));
    for (const info of [block.get("transactionInfo"), block.get("redactionInfo")]) {
      check(info === null || has(ionHash(info)), "entry of transactionInfo or redactionInfo");
    }
    const revisions = block.get("revisions")?.elements() ?? [];
    const root = rootOf(revisions.map((revision) => bytesOf(revision.get("hash"))));
    check(revisions.length === 0 || has(root), "entry of the revisions");
    const isSealed = this.#isSealed(block, has, revisions.length);
    check(isSealed || this.#previous?.isSealed !== true, "QLDB's after one of this project");
    check(!isSealed || expected > 0 || isEmptyBlob(block.get("previousBlockHash")), "previousBlockHash");
    check(!this.#previous || this.#previous.hash.equals(before), "link");
    if (expected === this.#hashes.length) this.#hashes.push(hash);
    this.#previous = { hash, isSealed };
    for (const revision of revisions) this.#revision(revision, block, isSealed);
    const documents = block.get("transactionInfo", "documents")?.fields() ?? [];
    check(documents.length === 0 || revisions.length > 0, "revisions were taken out");
  }

  /** 4.3, the end: the second entry tells, and then the first one is required. */
  #isSealed(block: dom.Value, has: (entry: Buffer) => boolean, revisions: number): boolean {
    if (!has(ionHash(read(`{format:"ledger-loader",version:1,revisions:${revisions}}`)))) return false;
    const text = (name: string): string => `${name}:${dumpText(block.get(name))}`;
    const header = ["blockAddress", "transactionId", "blockTimestamp"].map(text).join(",");
    this.require(has(ionHash(read(`{${header}}`))), "header entry");
    return true;
  }

  /** 4.2 and 4.4 */
  #revision(revision: dom.Value, block: dom.Value, isSealed: boolean): void {
    const [metadata, data, dataHash] = ["metadata", "data", "dataHash"].map((name) => revision.get(name));
    const [hash, id] = [bytesOf(revision.get("hash")), textOf(metadata?.get("id"))];
    const check = this.#checkerOf(`revision of ${id}`);
    const address = revision.get("blockAddress");
    check(!address || address.equals(block.get("blockAddress")), "address");
    if (!metadata || (!data && dataHash)) this.unchecked++;
    if (!metadata) {
      check(!data && !dataHash, "content without metadata");
      return;
    }
    const types = ["version", "txTime"].map((name) => metadata.get(name)?.getType());
    check(types[0] === IonTypes.INT && types[1] === IonTypes.TIMESTAMP, "metadata");
    check(textOf(metadata.get("txId")) === textOf(block.get("transactionId")), "transaction");
    check(block.get("transactionInfo", "documents")?.get(id) !== null, "document");
    const of = ionHash(metadata);
    if (data) check(dotOf(of, ionHash(data)).equals(hash), "hash of data");
    else if (dataHash) check(dotOf(of, bytesOf(dataHash)).equals(hash), "hash with dataHash");
    else {
      const matches = dotOf(of, sha256()).equals(hash) || (!isSealed && of.equals(hash));
      check(matches || !isSealed, "hash of the deletion");
      this.#deletions[matches ? "matched" : "unmatched"]++;
    }
  }

  /** 6 */
  #digest({ hash, tip }: TrustedDigest): void {
    if (this.#hashes.length <= tip) this.unchecked++;
    else this.require(rootOf(this.#hashes.slice(0, tip + 1)).equals(hash), `digest of block ${tip}`);
  }
}
