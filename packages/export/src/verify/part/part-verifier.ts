// SPDX-License-Identifier: MIT
import { type Block, SealedBlocks, addTally, emptyTally, verifyBlock } from "@ledger-loader/journal";
import { type IonFrame, type IonSlice, formatHash } from "@ledger-loader/ion";
import { InflationLimitError, MalformedContentError } from "../../export-errors";
import type { DataObject } from "../../read/data-object";
import type { LocatedObject } from "../../read/export-storage";
import { findDocumentId } from "../../read/find-document-id";
import { foreignFormat } from "../../read/foreign-format";
import { frameRuns } from "../../read/frame-values";
import type { JournalExport } from "../../read/journal-export";
import { ObjectContent } from "../../read/object-content";
import { readObjectValue } from "../../read/object-reader";
import { AnchorCheck } from "../anchor-check";
import { ContentCheck } from "../content-check";
import { FindingLog } from "../finding-log";
import { PlaceCheck } from "../place-check";
import type { DataObjectHash, ExportFinding } from "../verification-report";
import { MAX_FINDINGS, type VerifyExportOptions } from "../verify-options";
import { type DecodedBlock, decodeValue, holdsBlock } from "./decode-value";
import { type PartStart, startOf } from "./part-cut";
import { anchorsOf } from "./parted-export";
import type {
  FindingSegment,
  ObjectRun,
  OpeningVerification,
  PartOpening,
  PartTip,
  VerificationPart,
} from "./verification-part";

const PROGRESS_BYTES = 1024 * 1024;

/**
 * Verifies a run of an export's data objects by itself.
 *
 * What depends on the blocks before the run is left for joining: the link of its first block, and the digests.
 */
export class PartVerifier {
  readonly #source: JournalExport;
  readonly #options: VerifyExportOptions;
  readonly #run: ObjectRun;
  readonly #start: PartStart;
  readonly #log: FindingLog;
  readonly #anchors: AnchorCheck;
  readonly #content: ContentCheck;
  readonly #place: PlaceCheck;
  readonly #seals: SealedBlocks;
  readonly #tally = emptyTally();
  readonly #hashes: DataObjectHash[] = [];
  #before: FindingSegment | undefined;
  #opening: PartOpening | undefined;
  #endsSealed: boolean | undefined;
  #period: { first: string; last: string } | undefined;
  #hasUnsealed = false;
  /** The first block that was read of the data object at hand. */
  #first: number | undefined;
  #blocks = 0;
  #bytes = 0;
  #totalBytes = 0;
  #reportedBytes = 0;

  constructor(source: JournalExport, options: VerifyExportOptions, run: ObjectRun) {
    const { continues } = options;
    this.#source = source;
    this.#options = options;
    this.#run = run;
    this.#start = startOf(source, run, continues);
    this.#log = new FindingLog(options.maxFindings ?? MAX_FINDINGS);
    this.#content = new ContentCheck(this.#log);
    this.#place = new PlaceCheck(this.#log, source.strandId, this.#start);
    this.#seals = new SealedBlocks(options.sealed);
    this.#anchors = new AnchorCheck(
      anchorsOf(options),
      this.#start.treeStart,
      run.from === 0 ? continues : undefined,
    );
  }

  async run(): Promise<VerificationPart> {
    const objects = this.#source.objects.slice(this.#run.from, this.#run.to);
    const located = new Map<DataObject, LocatedObject>();
    for (const object of objects) {
      const found = await object.storage.locate(object.key);
      if (!found.found) continue;
      located.set(object, found);
      this.#totalBytes += found.size;
    }
    for (const object of objects) await this.#verifyObject(object, located.get(object));
    this.#notify();
    return this.#finish();
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
    this.#first = undefined;
    this.#place.expected ??= object.name?.first;
    this.#anchors.startObject(this.#place.expected);
    try {
      for await (const frames of frameRuns(content.read(), { key: object.key, ...limit })) {
        if (await this.#verifyFrames(frames, object, content)) continue;
        this.#foreign(object, content);
        return;
      }
      this.#place.checkRange(object, this.#first);
    } catch (error) {
      if (error instanceof InflationLimitError) this.#unreadable(error, "not-comparable");
      else if (!(error instanceof MalformedContentError)) throw error;
      else if (this.#isForeign(content)) {
        this.#foreign(object, content);
        return;
      } else this.#unreadable(error, "failed");
      this.#place.skipTo(object);
    }
  }

  /** True if a data object does not begin as a journal's blocks do, and no block of it was read. */
  #isForeign(content: ObjectContent): boolean {
    return this.#first === undefined && foreignFormat(content.head) !== undefined;
  }

  /** Verifies the next values of a data object; `false` if they are no blocks of a journal. */
  async #verifyFrames(
    frames: Iterable<IonFrame>,
    object: DataObject,
    content: ObjectContent,
  ): Promise<boolean> {
    for (const frame of frames) {
      if (this.#isForeign(content) && !holdsBlock(frame)) return false;
      const told = this.#verifyFrame(frame, object);
      // Waiting for nothing takes time, too.
      if (told !== undefined) await told;
      this.#first ??= (this.#place.expected ?? 1) - 1;
      this.#progress(frame.size);
    }
    return true;
  }

  #verifyFrame(frame: IonFrame, object: DataObject): Promise<void> | undefined {
    let value: IonSlice;
    try {
      value = readObjectValue(frame, object.key);
    } catch (error) {
      if (!(error instanceof MalformedContentError)) throw error;
      this.#unreadable(error, "failed");
      this.#place.skipBlock();
      return undefined;
    }
    const { block, isJson } = decodeValue(value, frame);
    const { verified, isSealed } = this.#verifyValue(value, { block, isJson }, object.key);
    for (const finding of verified.findings) this.#log.add(finding);
    addTally(this.#tally, verified.tally);
    if (!block) {
      this.#place.skipBlock();
      return undefined;
    }
    this.#accept(block, object, isSealed);
    return this.#options.onBlock?.({ block, isJson, verdict: this.#log.verdict });
  }

  /** Verifies a value, and takes the first block out for joining if the block before is not known. */
  #verifyValue(
    value: IonSlice,
    decoded: DecodedBlock,
    key: string,
  ): { verified: OpeningVerification; isSealed: boolean } {
    const { block } = decoded;
    const says = this.#options.sealed ?? (block !== undefined && this.#seals.says(block));
    // Own, or that of the block before, so that no block of QLDB can follow one of this project's ledger unnoticed.
    const isSealed = this.#options.sealed ?? (says || this.#endsSealed === true);
    const { previous } = this.#place;
    const isOpening = this.#start.tip === "unknown" && this.#endsSealed === undefined && block !== undefined;
    const verify = (sealed: boolean): OpeningVerification => {
      const hashesOnly = decoded.isJson;
      const tip = previous === "unknown" ? undefined : previous;
      const { findings, tally } = verifyBlock(block ?? value, {
        previous: tip,
        hashesOnly,
        sealed: sealed && !hashesOnly,
      });
      return { findings: findings.map((finding) => this.#placed(finding, value, key)), tally };
    };
    if (!isOpening) return { verified: verify(isSealed), isSealed };
    this.#open(block, key, {
      isLinked: previous === "unknown",
      isSealed: says,
      alone: verify(says),
      ...(says || decoded.isJson || this.#options.sealed !== undefined ? {} : { afterSealed: verify(true) }),
    });
    // Whether QLDB's block is unsealed depends on the one before: joining decides.
    return { verified: { findings: [], tally: emptyTally() }, isSealed: true };
  }

  #open(
    { blockAddress, previousBlockHash, blockTimestamp }: Block,
    key: string,
    opening: Pick<PartOpening, "isLinked" | "isSealed" | "alone" | "afterSealed">,
  ): void {
    this.#before = this.#log.cut();
    this.#opening = {
      blockAddress,
      previousBlockHash: previousBlockHash && formatHash(previousBlockHash),
      blockTimestamp,
      key,
      expected: this.#place.expected,
      ...opening,
    };
  }

  #placed(finding: ExportFinding, value: IonSlice, key: string): ExportFinding {
    return {
      ...finding,
      blockAddress: finding.blockAddress ?? this.#place.address(this.#place.expected),
      documentId: finding.documentId ?? findDocumentId(value, finding.field ?? ""),
      key,
    };
  }

  #accept(block: Block, object: DataObject, isSealed: boolean): void {
    this.#place.accept(block, object);
    this.#endsSealed = this.#seals.says(block);
    if (!isSealed) this.#hasUnsealed = true;
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

  #finish(): VerificationPart {
    const rest = this.#log.cut();
    const { found: anchors, tree } = this.#anchors;
    return {
      objects: this.#run,
      before: this.#before ?? rest,
      opening: this.#opening,
      after: this.#before === undefined ? this.#log.cut() : rest,
      tip: this.#tip(),
      endsSealed: this.#endsSealed,
      hasUnsealed: this.#hasUnsealed,
      range: this.#place.range,
      period: this.#period,
      blocks: this.#blocks,
      bytes: this.#bytes,
      revisions: this.#content.revisions,
      tally: this.#tally,
      tables: this.#content.tables,
      dataObjects: this.#hashes,
      anchors,
      tree,
    };
  }

  #tip(): PartTip | "unchanged" | null {
    const { previous } = this.#place;
    if (previous === "unknown") return "unchanged";
    return previous === undefined ? null : { ...previous, blockHash: formatHash(previous.blockHash) };
  }
}
