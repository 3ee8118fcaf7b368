// SPDX-License-Identifier: MIT
import type { Block, BlockAddress, ChainTip } from "@ledger-loader/journal";
import type { DataObject } from "../read/data-object";
import type { SequenceRange } from "../read/data-object-name";
import type { FindingLog } from "./finding-log";
import type { PartStart } from "./part/part-cut";
import type { ExportFinding } from "./verification-report";

/** Follows an export's blocks and compares their places with the names of the objects and with counting. */
export class PlaceCheck {
  readonly #log: FindingLog;
  readonly #strandId: string | undefined;
  /** The last block that was read. Undefined after something unreadable; `unknown` while another part has it. */
  previous: ChainTip | "unknown" | undefined;
  /** The sequence number that the next block must have. Undefined before the first block. */
  expected: number | undefined;
  /** First and last block that were read. */
  range: SequenceRange | undefined;

  /**
   * @param strandId - the strand by the manifest. Only with it the block before may be unknown.
   */
  constructor(log: FindingLog, strandId: string | undefined, { tip, expected }: PartStart) {
    this.#log = log;
    this.#strandId = strandId;
    this.previous = tip;
    this.expected = expected;
  }

  /** The strand by the manifest or, if it does not say, by the blocks. */
  get strandId(): string | undefined {
    if (this.#strandId !== undefined || this.previous === "unknown") return this.#strandId;
    return this.previous?.blockAddress.strandId;
  }

  /** The address that a block of this number has. */
  address(sequenceNo: number | undefined): BlockAddress | undefined {
    const { strandId } = this;
    return strandId === undefined || sequenceNo === undefined ? undefined : { strandId, sequenceNo };
  }

  checkName({ key, name }: DataObject): void {
    if (name && (this.#strandId === undefined || name.strandId === this.#strandId)) return;
    const expected = `${this.#strandId ?? "<strandId>"}.<first>-<last>.ion`;
    this.#log.add({
      rule: "object-name",
      // A name of another form is no evidence: only the range that it would give cannot be compared.
      severity: name ? "not-comparable" : "incomplete",
      message: `Expected the manifest to list objects named ${expected}, found ${key}.`,
      key,
      blockAddress: this.address(name?.first ?? this.expected),
    });
  }

  /** Takes the next block. */
  accept(block: Block, { key, name }: DataObject): void {
    const { strandId, sequenceNo } = block.blockAddress;
    if (!this.previous) {
      const place = { expected: this.expected, strandId: this.#strandId };
      for (const finding of placeFindings(block.blockAddress, key, place)) this.#log.add(finding);
    }
    if (name && (sequenceNo < name.first || sequenceNo > name.last)) {
      this.#log.add({
        rule: "object-range",
        severity: "failed",
        message: `Expected only blocks ${name.first} to ${name.last} in ${key}, found block ${sequenceNo}.`,
        blockAddress: block.blockAddress,
        key,
      });
    }
    this.range = { first: this.range?.first ?? sequenceNo, last: sequenceNo };
    const { blockHash, blockTimestamp } = block;
    // A copy: the hash must not keep the bytes of the whole block alive.
    this.previous = { blockAddress: { strandId, sequenceNo }, blockHash: blockHash.slice(), blockTimestamp };
    this.expected = sequenceNo + 1;
  }

  /** An object that was read to its end must hold all the blocks of its name. */
  checkRange({ key, name }: DataObject, first: number | undefined): void {
    if (!name) return;
    const last = first === undefined ? undefined : (this.expected ?? 0) - 1;
    if (first === name.first && last === name.last) return;
    const found = first === undefined ? "none" : `blocks ${first} to ${last ?? first}`;
    const missing = first === name.first ? (this.expected ?? name.first) : name.first;
    this.#log.add({
      rule: "object-range",
      severity: "failed",
      message: `Expected blocks ${name.first} to ${name.last} in ${key}, found ${found}.`,
      key,
      blockAddress: this.address(missing),
    });
    this.skipTo({ name });
  }

  /** Goes on after a block that could not be read. */
  skipBlock(): void {
    this.previous = undefined;
    if (this.expected !== undefined) this.expected++;
  }

  /** Goes on after an object that could not be read to its end. */
  skipTo({ name }: Pick<DataObject, "name">): void {
    if (this.expected === (name && name.last + 1)) return;
    this.previous = undefined;
    this.expected = name && name.last + 1;
  }
}

/** Without the block before it, a block's place is compared with names and counting. */
export function placeFindings(
  blockAddress: BlockAddress,
  key: string,
  { expected, strandId }: { readonly expected: number | undefined; readonly strandId: string | undefined },
): ExportFinding[] {
  const findings: ExportFinding[] = [];
  if (expected !== undefined && blockAddress.sequenceNo !== expected) {
    findings.push({
      rule: "sequence",
      severity: "failed",
      message: `Expected block ${expected}, found block ${blockAddress.sequenceNo}.`,
      blockAddress,
      field: "blockAddress.sequenceNo",
      key,
    });
  }
  if (strandId !== undefined && blockAddress.strandId !== strandId) {
    findings.push({
      rule: "strand",
      severity: "failed",
      message:
        `Block ${blockAddress.sequenceNo}: expected strand ${strandId} by the manifest, ` +
        `found ${blockAddress.strandId}.`,
      blockAddress,
      field: "blockAddress.strandId",
      key,
    });
  }
  return findings;
}
