// SPDX-License-Identifier: MIT
import {
  type Block,
  type RedactedRevision,
  type Revision,
  decodeRedactionInfo,
  redactRevision,
} from "@ledger-loader/journal";

type Target = Pick<RedactedRevision, "documentId" | "version">;

/**
 * The redactions that a journal records, and their application to the blocks of the redacted revisions.
 *
 * QLDB erased the data some time after the block that requested it, and never in exports that were written before. So an
 * export can hold data whose redaction a later block, or a later export, records (QLDB developer guide, "Redacting document
 * revisions"). All hashes stay as they are.
 */
export class RedactionPlan {
  readonly #bySequenceNo = new Map<number, Target[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The blocks that hold redacted revisions. */
  get sequenceNos(): readonly number[] {
    return [...this.#bySequenceNo.keys()];
  }

  /** Adds the redactions that a block records. Those that are known already count once. */
  collect({ redactionInfo }: Block): void {
    if (redactionInfo === undefined) return;
    for (const { blockAddress, documentId, version } of decodeRedactionInfo(redactionInfo)) {
      const targets = this.#bySequenceNo.get(blockAddress.sequenceNo) ?? [];
      if (targets.some((target) => target.documentId === documentId && target.version === version)) continue;
      targets.push({ documentId, version });
      this.#bySequenceNo.set(blockAddress.sequenceNo, targets);
      this.#size += 1;
    }
  }

  /** The block without the data of its redacted revisions; the same block if it holds none of that data. */
  apply(block: Block): Block {
    const targets = this.#bySequenceNo.get(block.blockAddress.sequenceNo);
    if (targets === undefined || block.revisions === undefined) return block;
    const revisions = block.revisions.map((revision) =>
      isTarget(revision, targets) ? redactRevision(revision) : revision,
    );
    return revisions.every((revision, at) => revision === block.revisions?.[at])
      ? block
      : { ...block, revisions };
  }
}

function isTarget({ metadata }: Revision, targets: readonly Target[]): boolean {
  return targets.some(
    ({ documentId, version }) => documentId === metadata?.id && version === metadata.version,
  );
}
