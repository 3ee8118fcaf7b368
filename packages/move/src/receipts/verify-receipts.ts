// SPDX-License-Identifier: MIT
import {
  isIdentifier,
  type Ledger,
  type LoadReceipt,
  proofKey,
  readRevisionProofs,
  type RevisionProof,
} from "@ledger-loader/core";
import type { JournalExport } from "@ledger-loader/export";
import { formatHash } from "@ledger-loader/ion";

/** A line of a receipt file. */
export interface ReceiptLine {
  readonly line: number;
  /** Absent where the line is no receipt. */
  readonly receipt: LoadReceipt | undefined;
}

/** The part of a receipt that does not match. */
export interface ReceiptProblem {
  readonly line: number;
  readonly source?: string;
  readonly kind: "different" | "missing" | "unreadable";
  readonly detail: string;
}

/** The result of a check of receipts. */
export interface ReceiptReport {
  readonly receipts: number;
  /** Receipts whose revision is there, with this block address and hash. */
  readonly verified: number;
  /** Receipts that name no revision, by the reason that they give. */
  readonly withoutRevision: Readonly<Record<string, number>>;
  readonly different: number;
  readonly missing: number;
  readonly unreadable: number;
  /** The first problems. */
  readonly problems: readonly ReceiptProblem[];
}

/** Finds revisions by what receipts say of them. */
export type FindRevisions = (wanted: readonly LoadReceipt[]) => Promise<ReadonlyMap<string, RevisionProof>>;

const BATCH = 500;
const PROBLEMS_MAX = 100;

/** Checks receipts, some hundred at a time: each revision must be where its receipt says, with the same hash. */
export async function verifyReceiptLines(
  lines: AsyncIterable<ReceiptLine>,
  find: FindRevisions,
): Promise<ReceiptReport> {
  const check = new ReceiptCheck(find);
  let batch: ReceiptLine[] = [];
  for await (const line of lines) {
    batch.push(line);
    if (batch.length < BATCH) continue;
    await check.add(batch);
    batch = [];
  }
  await check.add(batch);
  return check.report();
}

class ReceiptCheck {
  readonly #find: FindRevisions;
  readonly #withoutRevision = new Map<string, number>();
  readonly #problems: ReceiptProblem[] = [];
  readonly #counts = { receipts: 0, verified: 0, different: 0, missing: 0, unreadable: 0 };

  constructor(find: FindRevisions) {
    this.#find = find;
  }

  async add(batch: readonly ReceiptLine[]): Promise<void> {
    const wanted = batch.flatMap(({ receipt }) => (receipt?.revision === undefined ? [] : [receipt]));
    const found = wanted.length === 0 ? new Map<string, RevisionProof>() : await this.#find(wanted);
    for (const line of batch) this.#judge(line, found);
  }

  report(): ReceiptReport {
    const withoutRevision = Object.fromEntries(this.#withoutRevision);
    return { ...this.#counts, withoutRevision, problems: this.#problems };
  }

  #judge({ line, receipt }: ReceiptLine, found: ReadonlyMap<string, RevisionProof>): void {
    this.#counts.receipts += 1;
    if (receipt === undefined) {
      this.#note({
        line,
        kind: "unreadable",
        detail: "expected a receipt as one line of JSON, found something else",
      });
      return;
    }
    const { source, revision, unknown = "no reason given" } = receipt;
    if (revision === undefined) {
      this.#withoutRevision.set(unknown, (this.#withoutRevision.get(unknown) ?? 0) + 1);
      return;
    }
    const held = found.get(proofKey(revision));
    const name = `document ${revision.documentId}, version ${revision.version}`;
    if (held === undefined) {
      this.#note({ line, source, kind: "missing", detail: `expected ${name}, found no such revision` });
      return;
    }
    const difference = differenceOf(revision, held);
    if (difference === undefined) this.#counts.verified += 1;
    else this.#note({ line, source, kind: "different", detail: `expected ${name} ${difference}` });
  }

  #note(problem: ReceiptProblem): void {
    this.#counts[problem.kind] += 1;
    if (this.#problems.length < PROBLEMS_MAX) this.#problems.push(problem);
  }
}

function differenceOf(expected: RevisionProof, held: RevisionProof): string | undefined {
  const place = ({ blockAddress: { strandId, sequenceNo } }: RevisionProof): string =>
    `block ${sequenceNo} of strand ${strandId}`;
  if (place(expected) !== place(held)) return `in ${place(expected)}, found it in ${place(held)}`;
  return expected.hash === held.hash ? undefined : `with hash ${expected.hash}, found ${held.hash}`;
}

/** Finds revisions in a ledger. */
export function findInLedger(ledger: Ledger): FindRevisions {
  return (wanted) =>
    readRevisionProofs(
      ledger,
      wanted.flatMap(({ event, revision }) => {
        const table = event?.table ?? "";
        return revision !== undefined && isIdentifier(table) ? [{ table, ...revision }] : [];
      }),
    );
}

/** Reads the places and hashes of all revisions of an export; the hashes are those that it says, not recomputed. */
export async function findInExport(journal: JournalExport): Promise<FindRevisions> {
  const found = new Map<string, RevisionProof>();
  for await (const { blockAddress, revisions } of journal.blocks()) {
    for (const { metadata, hash } of revisions) {
      if (metadata === undefined) continue;
      const { id: documentId, version } = metadata;
      const { strandId, sequenceNo } = blockAddress;
      const proof = { documentId, version, blockAddress: { strandId, sequenceNo }, hash: formatHash(hash) };
      found.set(proofKey(proof), proof);
    }
  }
  return () => Promise.resolve(found);
}
