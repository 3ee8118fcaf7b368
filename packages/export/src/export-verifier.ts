// SPDX-License-Identifier: MIT
import { LedgerLoaderError } from "@ledger-loader/errors";
import {
  type Block,
  type BlockAddress,
  type ChainTip,
  UNCOVERED_FIELDS,
  addTally,
  decodeBlock,
  emptyTally,
  shapeEntry,
  verifyBlock,
} from "@ledger-loader/journal";
import { type Hash, type IonFrame, type IonSlice, hashesEqual } from "@ledger-loader/ion";
import { AnchorCheck } from "./anchor-check";
import { ContentCheck } from "./content-check";
import type { DataObject } from "./data-object";
import type { SequenceRange } from "./data-object-name";
import { MalformedContentError } from "./export-errors";
import type { LocatedObject } from "./export-storage";
import { FindingLog } from "./finding-log";
import { frameValues } from "./frame-values";
import type { JournalExport } from "./journal-export";
import { findDocumentId } from "./find-document-id";
import { looksLikeJson, readObjectValue } from "./object-reader";
import { jsonContent } from "./read-blocks";
import type { ExportFinding, Grade, VerificationReport } from "./verification-report";
import type { VerifyExportOptions } from "./verify-options";

const MAX_FINDINGS = 1000;
/** Exports hold no stream records. */
const UNCOVERED_IN_EXPORTS = UNCOVERED_FIELDS.filter(({ field }) => !field.startsWith("revisionSummaries"));
const PROGRESS_BYTES = 1024 * 1024;

/** One run of `verifyExport`. */
export class ExportVerifier {
  readonly #source: JournalExport;
  readonly #options: VerifyExportOptions;
  readonly #log: FindingLog;
  readonly #anchors: AnchorCheck;
  readonly #content: ContentCheck;
  readonly #tally = emptyTally();
  /** The last block read, unless something unreadable came after it. */
  #previous: ChainTip | undefined;
  /** The sequence number that the next block must have; `undefined` before the first. */
  #expected: number | undefined;
  #range: SequenceRange | undefined;
  /** Whether blocks are from a ledger of this project: from the first such block on, since none of QLDB's follows. */
  #sealed = false;
  #hasUnsealed = false;
  #blocks = 0;
  #bytes = 0;
  #totalBytes = 0;
  #reportedBytes = 0;

  constructor(source: JournalExport, options: VerifyExportOptions) {
    this.#source = source;
    this.#options = options;
    this.#log = new FindingLog(options.maxFindings ?? MAX_FINDINGS);
    this.#content = new ContentCheck(this.#log);
    const digests = options.digest ? [options.digest] : [];
    this.#anchors = new AnchorCheck({ digests, proofs: options.proofs ?? [] }, this.#log);
  }

  async run(): Promise<VerificationReport> {
    const located = new Map<DataObject, LocatedObject>();
    for (const object of this.#source.objects) {
      const found = await object.storage.locate(object.key);
      if (!found.found) continue;
      located.set(object, found);
      this.#totalBytes += found.size;
    }
    for (const object of this.#source.objects) await this.#verifyObject(object, located.get(object));
    this.#finish();
    return this.#report();
  }

  async #verifyObject(object: DataObject, located: LocatedObject | undefined): Promise<void> {
    this.#checkName(object);
    if (!located) {
      this.#add({
        rule: "object-missing",
        severity: "broken",
        message: `Expected the data object ${object.key}, which the manifest lists, found none.`,
        key: object.key,
        blockAddress: this.#address(object.name?.first ?? this.#expected),
      });
      this.#skipTo(object);
      return;
    }
    const read = await this.#verifyContent(object, located);
    if (read) this.#checkRange(object, read.first);
  }

  /** Verifies an object's blocks. Returns the first one's number, or `undefined` if the object could not be read through. */
  async #verifyContent(
    object: DataObject,
    located: LocatedObject,
  ): Promise<{ first: number | undefined } | undefined> {
    const { maxBlockBytes } = this.#source.options;
    const options = {
      key: object.key,
      ...(maxBlockBytes === undefined ? {} : { maxValueBytes: maxBlockBytes }),
    };
    let first: number | undefined;
    this.#expected ??= object.name?.first;
    try {
      for await (const frame of frameValues(located.read(), options)) {
        this.#verifyFrame(frame, object);
        first ??= (this.#expected ?? 1) - 1;
        this.#progress(frame.size);
      }
      return { first };
    } catch (error) {
      if (!(error instanceof MalformedContentError)) throw error;
      this.#unreadable(error);
      this.#skipTo(object);
      return undefined;
    }
  }

  #verifyFrame(frame: IonFrame, { key, name }: DataObject): void {
    let value: IonSlice;
    try {
      value = readObjectValue(frame, key);
    } catch (error) {
      if (!(error instanceof MalformedContentError)) throw error;
      this.#unreadable(error);
      this.#skipBlock();
      return;
    }
    const decoded = findBlock(value);
    const sealed = this.#isSealed(decoded);
    const { block, findings, tally } = verifyBlock(decoded ?? value, { previous: this.#previous, sealed });
    if (!block && this.#blocks === 0 && looksLikeJson(frame)) throw jsonContent(key);
    for (const finding of findings) {
      const documentId = finding.documentId ?? findDocumentId(value, finding.field);
      this.#add({
        ...finding,
        blockAddress: finding.blockAddress ?? this.#address(this.#expected),
        documentId,
        key,
      });
    }
    addTally(this.#tally, tally);
    if (block) this.#accept(block, key, name);
    else this.#skipBlock();
  }

  #isSealed(block: Block | undefined): boolean {
    this.#sealed = this.#options.sealed ?? (this.#sealed || (block !== undefined && saysSealed(block)));
    return this.#sealed;
  }

  #accept(block: Block, key: string, name: DataObject["name"]): void {
    const { strandId, sequenceNo } = block.blockAddress;
    if (!this.#previous) this.#checkPlace(block, key);
    if (name && (sequenceNo < name.first || sequenceNo > name.last)) {
      this.#add({
        rule: "object-range",
        severity: "broken",
        message: `Expected only blocks ${name.first} to ${name.last} in ${key}, found block ${sequenceNo}.`,
        blockAddress: block.blockAddress,
        key,
      });
    }
    if (!this.#sealed) this.#hasUnsealed = true;
    this.#content.add(block, key);
    this.#anchors.add(block);
    this.#blocks++;
    this.#range = { first: this.#range?.first ?? sequenceNo, last: sequenceNo };
    this.#previous = { blockAddress: { strandId, sequenceNo }, ...pickTip(block) };
    this.#expected = sequenceNo + 1;
  }

  /** Without the block before it, a block's place is checked against what names and counting say. */
  #checkPlace({ blockAddress }: Block, key: string): void {
    const { strandId } = this.#source;
    if (this.#expected !== undefined && blockAddress.sequenceNo !== this.#expected) {
      this.#add({
        rule: "sequence",
        severity: "broken",
        message: `Expected block ${this.#expected}, found block ${blockAddress.sequenceNo}.`,
        blockAddress,
        field: "blockAddress.sequenceNo",
        key,
      });
    }
    if (strandId !== undefined && blockAddress.strandId !== strandId) {
      this.#add({
        rule: "strand",
        severity: "broken",
        message: `Block ${blockAddress.sequenceNo}: expected strand ${strandId} by the manifest, found ${blockAddress.strandId}.`,
        blockAddress,
        field: "blockAddress.strandId",
        key,
      });
    }
  }

  #checkName({ key, name }: DataObject): void {
    const { strandId } = this.#source;
    if (name && (strandId === undefined || name.strandId === strandId)) return;
    this.#add({
      rule: "object-name",
      severity: "broken",
      message: `Expected the manifest to list objects named ${strandId ?? "<strandId>"}.<first>-<last>.ion, found ${key}.`,
      key,
      blockAddress: this.#address(name?.first ?? this.#expected),
    });
  }

  /** An object that was read through must hold all the blocks of its name. */
  #checkRange({ key, name }: DataObject, first: number | undefined): void {
    if (!name) return;
    const last = first === undefined ? undefined : (this.#expected ?? 0) - 1;
    if (first === name.first && last === name.last) return;
    const found = first === undefined ? "none" : `blocks ${first} to ${last ?? first}`;
    const missing = first === name.first ? (this.#expected ?? name.first) : name.first;
    this.#add({
      rule: "object-range",
      severity: "broken",
      message: `Expected blocks ${name.first} to ${name.last} in ${key}, found ${found}.`,
      key,
      blockAddress: this.#address(missing),
    });
    this.#skipTo({ name });
  }

  #unreadable({ message, key }: MalformedContentError): void {
    const blockAddress = this.#address(this.#expected);
    this.#add({ rule: "object-content", severity: "broken", message, key, blockAddress });
  }

  /** Goes on after a block that could not be read. */
  #skipBlock(): void {
    this.#previous = undefined;
    if (this.#expected !== undefined) this.#expected++;
  }

  /** Goes on after an object that could not be read to its end. */
  #skipTo({ name }: Pick<DataObject, "name">): void {
    if (this.#expected === (name && name.last + 1)) return;
    this.#previous = undefined;
    this.#expected = name && name.last + 1;
  }

  #address(sequenceNo: number | undefined): BlockAddress | undefined {
    const strandId = this.#previous?.blockAddress.strandId ?? this.#source.strandId;
    return strandId === undefined || sequenceNo === undefined ? undefined : { strandId, sequenceNo };
  }

  #add(finding: ExportFinding): void {
    this.#log.add(finding);
  }

  #progress(size: number): void {
    this.#bytes += size;
    if (this.#bytes - this.#reportedBytes < PROGRESS_BYTES) return;
    this.#reportedBytes = this.#bytes;
    this.#notify();
  }

  #notify(): void {
    this.#options.onProgress?.({ blocks: this.#blocks, bytes: this.#bytes, totalBytes: this.#totalBytes });
  }

  #finish(): void {
    const { deletedEmptyDigest, deletedMetadataOnly, deletedUnmatched } = this.#tally;
    // Were it another rule of QLDB's, no deletion would match: then it is not known. If some do, the others were changed.
    if (deletedUnmatched > 0 && deletedEmptyDigest + deletedMetadataOnly > 0) {
      this.#log.escalate("delete-revision-hash");
    }
    if (!this.#range) {
      this.#add({
        rule: "no-blocks",
        severity: "broken",
        message: "Expected blocks, found none that could be read: nothing was verified.",
      });
    }
    this.#anchors.finish(this.#source.strandId ?? this.#previous?.blockAddress.strandId, this.#range);
    this.#notify();
  }

  #grade(): Grade {
    if (this.#log.total("broken") > 0) return "broken";
    if (this.#log.total("unverified") > 0) return "linked";
    return this.#range && this.#anchors.anchoredThrough === this.#range.last ? "anchored" : "consistent";
  }

  #report(): VerificationReport {
    const { redacted, hashOnly, deletedUnmatched } = this.#tally;
    return {
      grade: this.#grade(),
      ledgerName: this.#source.ledgerName,
      strandId: this.#source.strandId ?? this.#previous?.blockAddress.strandId,
      range: this.#range,
      startsMidJournal: this.#range !== undefined && this.#range.first > 0,
      objects: this.#source.objects.length,
      blocks: this.#blocks,
      bytes: this.#bytes,
      revisions: this.#content.revisions,
      tally: this.#tally,
      linkedRevisions: redacted + hashOnly + deletedUnmatched,
      tables: this.#content.tables,
      anchors: this.#anchors.results,
      anchoredThrough: this.#anchors.anchoredThrough,
      findings: this.#log.findings,
      findingCounts: this.#log.counts,
      uncoveredFields: this.#hasUnsealed ? UNCOVERED_IN_EXPORTS : [],
    };
  }
}

/** A copy of what the next block continues: the hash must not keep the whole block's bytes alive. */
function pickTip({ blockHash, blockTimestamp }: Block): Pick<ChainTip, "blockHash" | "blockTimestamp"> {
  return { blockHash: blockHash.slice(), blockTimestamp };
}

/** The block, or `undefined` if it cannot be read: then `verifyBlock` says why. */
function findBlock(value: IonSlice): Block | undefined {
  try {
    return decodeBlock(value);
  } catch (error) {
    if (error instanceof LedgerLoaderError) return undefined;
    throw error;
  }
}

const shapes = new Map<number, Hash>();

/** Whether a block says that a ledger of this project made it. */
function saysSealed({ entriesHashList, revisions = [] }: Block): boolean {
  const shape = shapes.get(revisions.length) ?? shapeEntry(revisions.length);
  shapes.set(revisions.length, shape);
  return entriesHashList.some((entry) => hashesEqual(entry, shape));
}
