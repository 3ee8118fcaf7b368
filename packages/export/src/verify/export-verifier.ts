// SPDX-License-Identifier: MIT
import { LedgerLoaderError } from "@ledger-loader/errors";
import {
  type Assurance,
  type Block,
  type BlockVerification,
  type Digest,
  SealedBlocks,
  UNCOVERED_FIELDS,
  addTally,
  decodeBlock,
  emptyTally,
  formatBlockAddress,
  verifyBlock,
} from "@ledger-loader/journal";
import { type IonFrame, type IonSlice, formatHash } from "@ledger-loader/ion";
import { AnchorCheck } from "./anchor-check";
import { ContentCheck } from "./content-check";
import type { DataObject } from "../read/data-object";
import { InflationLimitError, MalformedContentError } from "../export-errors";
import type { LocatedObject } from "../read/export-storage";
import { FindingLog } from "./finding-log";
import { foreignFormat } from "../read/foreign-format";
import { frameValues } from "../read/frame-values";
import type { JournalExport } from "../read/journal-export";
import { findDocumentId } from "../read/find-document-id";
import { decodeJsonBlock } from "../read/json-block";
import { ObjectContent } from "../read/object-content";
import { looksLikeJson, readObjectValue } from "../read/object-reader";
import { PlaceCheck } from "./place-check";
import type { DataObjectHash, ExportFinding, VerificationReport } from "./verification-report";
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
  readonly #place: PlaceCheck;
  readonly #sealed: SealedBlocks;
  readonly #digests: readonly Digest[];
  readonly #tally = emptyTally();
  readonly #hashes: DataObjectHash[] = [];
  #period: { first: string; last: string } | undefined;
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
    const { continues, proofs = [] } = options;
    this.#place = new PlaceCheck(this.#log, source.strandId, continues?.tip);
    this.#sealed = new SealedBlocks(options.sealed);
    this.#digests = [...(options.digest ? [options.digest] : []), ...(options.digests ?? [])];
    this.#anchors = new AnchorCheck({ digests: this.#digests, proofs }, this.#log, continues);
  }

  async run(): Promise<VerificationReport> {
    const checkedAt = new Date().toISOString();
    const located = new Map<DataObject, LocatedObject>();
    for (const object of this.#source.objects) {
      const found = await object.storage.locate(object.key);
      if (!found.found) continue;
      located.set(object, found);
      this.#totalBytes += found.size;
    }
    for (const object of this.#source.objects) await this.#verifyObject(object, located.get(object));
    this.#finish();
    return this.#report(checkedAt);
  }

  async #verifyObject(object: DataObject, located: LocatedObject | undefined): Promise<void> {
    this.#place.checkName(object);
    if (!located) {
      this.#missing(object);
      return;
    }
    const content = new ObjectContent(located, object.key);
    try {
      await this.#verifyContent(object, content);
      this.#hashes.push({ key: object.key, ...(await content.finish()) });
    } catch (error) {
      await content.close();
      throw error;
    }
  }

  /** A digest over the blocks of a missing object is evidence that they existed. */
  #missing(object: DataObject): void {
    const { key, name } = object;
    const first = name?.first ?? this.#place.expected;
    const isCovered = first !== undefined && this.#anchors.covers(this.#place.strandId, first);
    const blocks = name ? ` with blocks ${name.first} to ${name.last}` : "";
    this.#log.add({
      rule: "object-missing",
      severity: isCovered ? "failed" : "incomplete",
      message:
        `The data object ${key}${blocks} is missing, although the manifest lists it` +
        (isCovered ? " and the digest covers its blocks." : "."),
      key,
      blockAddress: this.#place.address(first),
    });
    this.#place.skipTo(object);
  }

  async #verifyContent(object: DataObject, content: ObjectContent): Promise<void> {
    const { maxBlockBytes } = this.#source.options;
    const limit = maxBlockBytes === undefined ? {} : { maxValueBytes: maxBlockBytes };
    let first: number | undefined;
    this.#place.expected ??= object.name?.first;
    try {
      for await (const frame of frameValues(content.read(), { key: object.key, ...limit })) {
        if (first === undefined && foreignFormat(content.head) !== undefined && !holdsBlock(frame)) {
          this.#foreign(object, content);
          return;
        }
        await this.#verifyFrame(frame, object);
        first ??= (this.#place.expected ?? 1) - 1;
        this.#progress(frame.size);
      }
      this.#place.checkRange(object, first);
    } catch (error) {
      if (error instanceof InflationLimitError) this.#unreadable(error, "not-comparable");
      else if (!(error instanceof MalformedContentError)) throw error;
      else if (first === undefined && foreignFormat(content.head) !== undefined) {
        this.#foreign(object, content);
        return;
      } else this.#unreadable(error, "failed");
      this.#place.skipTo(object);
    }
  }

  async #verifyFrame(frame: IonFrame, object: DataObject): Promise<void> {
    let value: IonSlice;
    try {
      value = readObjectValue(frame, object.key);
    } catch (error) {
      if (!(error instanceof MalformedContentError)) throw error;
      this.#unreadable(error, "failed");
      this.#place.skipBlock();
      return;
    }
    const { block, findings, tally, isJson } = this.#verifyValue(value, frame);
    for (const finding of findings) {
      this.#log.add({
        ...finding,
        blockAddress: finding.blockAddress ?? this.#place.address(this.#place.expected),
        documentId: finding.documentId ?? findDocumentId(value, finding.field),
        key: object.key,
      });
    }
    addTally(this.#tally, tally);
    if (!block) {
      this.#place.skipBlock();
      return;
    }
    this.#accept(block, object);
    await this.#options.onBlock?.({ block, isJson, verdict: this.#log.verdict });
  }

  #verifyValue(value: IonSlice, frame: IonFrame): BlockVerification & { readonly isJson: boolean } {
    const { previous } = this.#place;
    const decoded = findBlock(value, decodeBlock);
    const fromJson =
      decoded === undefined && looksLikeJson(frame) ? findBlock(value, decodeJsonBlock) : undefined;
    if (fromJson !== undefined) {
      return { ...verifyBlock(fromJson, { previous, hashesOnly: true }), isJson: true };
    }
    const sealed = this.#sealed.test(decoded);
    return { ...verifyBlock(decoded ?? value, { previous, sealed }), isJson: false };
  }

  #accept(block: Block, object: DataObject): void {
    this.#place.accept(block, object);
    if (!this.#sealed.test(block)) this.#hasUnsealed = true;
    this.#content.add(block, object.key);
    this.#anchors.add(block);
    this.#blocks++;
    this.#period = { first: this.#period?.first ?? block.blockTimestamp, last: block.blockTimestamp };
  }

  #foreign(object: DataObject, content: ObjectContent): void {
    const { key } = object;
    this.#log.add({
      rule: "object-content",
      severity: "not-comparable",
      message: `Expected blocks of a journal in ${key}, found ${foreignFormat(content.head) ?? "no block"}.`,
      key,
      blockAddress: this.#place.address(this.#place.expected),
    });
    this.#place.skipTo(object);
  }

  #unreadable(error: MalformedContentError | InflationLimitError, severity: ExportFinding["severity"]): void {
    const { message, key } = error;
    const blockAddress = this.#place.address(this.#place.expected);
    this.#log.add({ rule: "object-content", severity, message, key, blockAddress });
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
    const message = "Expected blocks, found none that could be read: nothing was verified.";
    if (!this.#place.range) this.#log.add({ rule: "no-blocks", severity: "incomplete", message });
    this.#reportUnchecked();
    this.#anchors.finish(this.#place.strandId, this.#place.range);
    this.#notify();
  }

  /** One finding for all revisions without content: they can be millions. */
  #reportUnchecked(): void {
    const { redacted, hashOnly, unrecomputed } = this.#tally;
    const said: readonly (readonly [count: number, sentence: string])[] = [
      [unrecomputed, "in JSON, which has lost the types that the hashes cover"],
      [redacted, "redacted: their content was removed on purpose, and what is left of them was checked"],
      [
        hashOnly,
        "hash only: QLDB wrote its own revisions (of CREATE TABLE, for example) without content, and that is no sign of damage",
      ],
    ];
    const found = said.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
    if (found.length === 0) return;
    const message = `Revisions whose content cannot be checked: ${found.join("; ")}.`;
    this.#log.add({ rule: "unchecked-content", severity: "incomplete", message });
  }

  /** How far the verification reaches. A gap in the chain or evidence of alteration leaves no assurance. */
  #assurance(): Assurance | undefined {
    if (this.#log.verdict === "failed" || this.#log.has("object-missing", "object-content", "no-blocks")) {
      return undefined;
    }
    const { deletedUnmatched, unrecomputed } = this.#tally;
    if (deletedUnmatched + unrecomputed > 0 || this.#log.has("revision-table")) return "linked";
    return this.#anchors.anchoredThrough === undefined ? "consistent" : "anchored";
  }

  #report(checkedAt: string): VerificationReport {
    const { redacted, hashOnly, deletedUnmatched, unrecomputed } = this.#tally;
    const { manifests, ledgerName, objects } = this.#source;
    const { range, strandId } = this.#place;
    const [digest] = this.#digests;
    const journalDigest = this.#anchors.digestThrough(strandId, range?.last);
    return {
      verdict: this.#log.verdict,
      assurance: this.#assurance(),
      checkedAt,
      ledgerName,
      exportIds: manifests.flatMap(({ exportId }) => exportId ?? []),
      strandId,
      range,
      period: this.#period,
      digest: digest && printDigest(digest),
      journalDigest: journalDigest && printDigest(journalDigest),
      startsMidJournal: range !== undefined && range.first > 0 && this.#options.continues === undefined,
      objects: objects.length,
      blocks: this.#blocks,
      bytes: this.#bytes,
      revisions: this.#content.revisions,
      tally: this.#tally,
      linkedRevisions: redacted + hashOnly + deletedUnmatched + unrecomputed,
      tables: this.#content.tables,
      anchors: this.#anchors.results,
      anchoredThrough: this.#anchors.anchoredThrough,
      findings: this.#log.findings,
      findingCounts: this.#log.counts,
      uncoveredFields: this.#hasUnsealed ? UNCOVERED_IN_EXPORTS : [],
      manifests: manifests.flatMap(({ files = [] }) => files),
      dataObjects: this.#hashes,
    };
  }
}

function printDigest({ hash, tipAddress }: Digest): { hash: string; tipAddress: string } {
  return { hash: formatHash(hash), tipAddress: formatBlockAddress(tipAddress) };
}

/** The block, or `undefined` if it cannot be read: then `verifyBlock` says why. */
function findBlock(value: IonSlice, decode: (value: IonSlice) => Block): Block | undefined {
  try {
    return decode(value);
  } catch (error) {
    if (error instanceof LedgerLoaderError) return undefined;
    throw error;
  }
}

function holdsBlock(frame: IonFrame): boolean {
  try {
    return readObjectValue(frame, "").field("blockAddress") !== undefined;
  } catch (error) {
    if (error instanceof LedgerLoaderError) return false;
    throw error;
  }
}
