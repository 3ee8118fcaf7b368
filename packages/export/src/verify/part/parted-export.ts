// SPDX-License-Identifier: MIT
import type { JournalExport } from "../../read/journal-export";
import type { FileHash } from "../../read/object-content";
import type { Anchors } from "../anchor-check";
import { MAX_FINDINGS, type VerifyExportOptions } from "../verify-options";

/** The common fields of all parts of an export. */
export interface PartedExport {
  readonly checkedAt: string;
  readonly ledgerName: string | undefined;
  readonly exportIds: readonly string[];
  readonly strandId: string | undefined;
  readonly manifests: readonly FileHash[];
  /** The number of data objects. */
  readonly objects: number;
  readonly anchors: Anchors;
  readonly maxFindings: number;
}

/** The digests and proofs that the options supply. */
export function anchorsOf({ digest, digests, proofs }: VerifyExportOptions): Anchors {
  return { digests: [...(digest ? [digest] : []), ...(digests ?? [])], proofs: proofs ?? [] };
}

/** The common fields of all parts of an export, with the time of now. */
export function describeParted(source: JournalExport, options: VerifyExportOptions): PartedExport {
  const { manifests, ledgerName, strandId, objects } = source;
  return {
    checkedAt: new Date().toISOString(),
    ledgerName,
    exportIds: manifests.flatMap(({ exportId }) => exportId ?? []),
    strandId,
    manifests: manifests.flatMap(({ files = [] }) => files),
    objects: objects.length,
    anchors: anchorsOf(options),
    maxFindings: options.maxFindings ?? MAX_FINDINGS,
  };
}
