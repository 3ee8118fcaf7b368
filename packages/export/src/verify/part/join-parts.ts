// SPDX-License-Identifier: MIT
import {
  type Assurance,
  type ChainTip,
  type Digest,
  type RevisionTally,
  UNCOVERED_FIELDS,
  addTally,
  emptyTally,
  formatBlockAddress,
  verifyLink,
} from "@ledger-loader/journal";
import { formatHash } from "@ledger-loader/ion";
import type { SequenceRange } from "../../read/data-object-name";
import { AnchorResults } from "../anchor-results";
import { FindingLog } from "../finding-log";
import type { JournalEnd } from "../journal-end";
import { placeFindings } from "../place-check";
import type { DataObjectHash, RevisionCounts, TableCount, VerificationReport } from "../verification-report";
import { addUncheckedContent } from "../unchecked-content";
import type { PartedExport } from "./parted-export";
import type { PartOpening, PartTip, VerificationPart } from "./verification-part";

/** Exports hold no stream records. */
const UNCOVERED_IN_EXPORTS = UNCOVERED_FIELDS.filter(({ field }) => !field.startsWith("revisionSummaries"));

/**
 * Joins the verifications of all parts of an export to the report that one pass gives.
 *
 * @param parts - in order, without gaps and overlaps
 * @param continues - the journal that the export continues
 */
export function joinParts(
  source: PartedExport,
  parts: readonly VerificationPart[],
  continues?: JournalEnd,
): VerificationReport {
  const join = new PartJoin(source, continues);
  for (const part of parts) join.add(part);
  return join.report();
}

class PartJoin {
  readonly #source: PartedExport;
  readonly #continues: JournalEnd | undefined;
  readonly #log: FindingLog;
  readonly #anchors: AnchorResults;
  readonly #tally: RevisionTally = emptyTally();
  readonly #tables = new Map<string, TableCount>();
  readonly #dataObjects: DataObjectHash[] = [];
  readonly #revisions: RevisionCounts = { data: 0, delete: 0, redacted: 0, "hash-only": 0 };
  #tip: ChainTip | undefined;
  #endsSealed = false;
  #hasUnsealed = false;
  #range: SequenceRange | undefined;
  #period: { first: string; last: string } | undefined;
  #blocks = 0;
  #bytes = 0;

  constructor(source: PartedExport, continues: JournalEnd | undefined) {
    this.#source = source;
    this.#continues = continues;
    this.#log = new FindingLog(source.maxFindings);
    this.#anchors = new AnchorResults(source.anchors, continues);
  }

  add(part: VerificationPart): void {
    this.#log.addSegment(part.before);
    if (part.opening) this.#open(part.opening);
    this.#log.addSegment(part.after);
    this.#anchors.add(part);
    if (part.tip !== "unchanged") this.#tip = part.tip ? readTip(part.tip) : undefined;
    this.#endsSealed = part.endsSealed ?? this.#endsSealed;
    this.#hasUnsealed ||= part.hasUnsealed;
    this.#count(part);
  }

  /** Compares the first block of a part with the last one before the part. */
  #open(opening: PartOpening): void {
    const { blockAddress, blockTimestamp, key, expected, isLinked } = opening;
    const isSealed = opening.isSealed || this.#endsSealed;
    if (!isSealed) this.#hasUnsealed = true;
    const { findings, tally } = (isSealed ? opening.afterSealed : undefined) ?? opening.alone;
    const tip = isLinked ? this.#tip : undefined;
    if (tip) {
      const previousBlockHash = readHash(opening.previousBlockHash);
      const block = { blockAddress, blockTimestamp, previousBlockHash };
      for (const finding of verifyLink(block, tip)) this.#log.add({ ...finding, key });
    }
    for (const finding of findings) this.#log.add(finding);
    addTally(this.#tally, tally);
    if (tip) return;
    const { strandId } = this.#source;
    for (const finding of placeFindings(blockAddress, key, { expected, strandId })) this.#log.add(finding);
  }

  #count({ range, period, blocks, bytes, revisions, tally, tables, dataObjects }: VerificationPart): void {
    if (range) this.#range = { first: this.#range?.first ?? range.first, last: range.last };
    if (period) this.#period = { first: this.#period?.first ?? period.first, last: period.last };
    this.#blocks += blocks;
    this.#bytes += bytes;
    for (const kind of Object.keys(this.#revisions) as (keyof RevisionCounts)[]) {
      this.#revisions[kind] += revisions[kind];
    }
    addTally(this.#tally, tally);
    for (const table of tables) {
      const known = this.#tables.get(table.tableId);
      if (known) known.revisions += table.revisions;
      else this.#tables.set(table.tableId, { ...table });
    }
    this.#dataObjects.push(...dataObjects);
  }

  report(): VerificationReport {
    this.#finish();
    const { redacted, hashOnly, deletedUnmatched, unrecomputed } = this.#tally;
    const { checkedAt, ledgerName, exportIds, manifests, objects, anchors } = this.#source;
    const [digest] = anchors.digests;
    const range = this.#range;
    const journalDigest = this.#anchors.digestThrough(this.#strandId, range?.last);
    return {
      verdict: this.#log.verdict,
      assurance: this.#assurance(),
      checkedAt,
      ledgerName,
      exportIds,
      strandId: this.#strandId,
      range,
      period: this.#period,
      digest: digest && printDigest(digest),
      journalDigest: journalDigest && printDigest(journalDigest),
      startsMidJournal: range !== undefined && range.first > 0 && this.#continues === undefined,
      objects,
      blocks: this.#blocks,
      bytes: this.#bytes,
      revisions: this.#revisions,
      tally: this.#tally,
      linkedRevisions: redacted + hashOnly + deletedUnmatched + unrecomputed,
      tables: [...this.#tables.values()].sort((a, b) => (a.tableName < b.tableName ? -1 : 1)),
      anchors: this.#anchors.results,
      anchoredThrough: this.#anchors.anchoredThrough,
      findings: this.#log.findings,
      findingCounts: this.#log.counts,
      uncoveredFields: this.#hasUnsealed ? UNCOVERED_IN_EXPORTS : [],
      manifests,
      dataObjects: this.#dataObjects,
    };
  }

  /** The strand by the manifest or, if it does not say, by the last block. */
  get #strandId(): string | undefined {
    return this.#source.strandId ?? this.#tip?.blockAddress.strandId;
  }

  #finish(): void {
    const { deletedEmptyDigest, deletedMetadataOnly, deletedUnmatched } = this.#tally;
    // Were it another rule of QLDB's, no deletion would match: then it is not known. If some do, the others were changed.
    if (deletedUnmatched > 0 && deletedEmptyDigest + deletedMetadataOnly > 0) {
      this.#log.escalate("delete-revision-hash");
    }
    const message = "Expected blocks, found none that could be read: nothing was verified.";
    if (!this.#range) this.#log.add({ rule: "no-blocks", severity: "incomplete", message });
    addUncheckedContent(this.#tally, this.#log);
    this.#anchors.finish(this.#log, this.#strandId, this.#range);
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
}

function printDigest({ hash, tipAddress }: Digest): { hash: string; tipAddress: string } {
  return { hash: formatHash(hash), tipAddress: formatBlockAddress(tipAddress) };
}

function readTip({ blockAddress, blockHash, blockTimestamp }: PartTip): ChainTip {
  return { blockAddress, blockHash: new Uint8Array(Buffer.from(blockHash, "base64")), blockTimestamp };
}

function readHash(base64: string | undefined): Uint8Array | undefined {
  return base64 === undefined ? undefined : new Uint8Array(Buffer.from(base64, "base64"));
}
