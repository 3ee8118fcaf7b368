// SPDX-License-Identifier: MIT
import type { DataObject } from "./data-object";
import type { SequenceRange } from "./data-object-name";
import type { ExportManifest } from "./export-manifest";
import { type ExportedBlock } from "./exported-block";
import { readBlocks } from "./read-blocks";

/** How an export is read. */
export interface JournalExportOptions {
  /**
   * Longest block accepted, in bytes: the bound on memory if a data object is damaged.
   * @defaultValue 268435456 (256 MiB; QLDB's own limit was 4 MB per transaction)
   */
  readonly maxBlockBytes?: number;
}

/** A journal export, or several consecutive ones of one ledger, opened for reading. See `openExport`. */
export class JournalExport {
  /** The manifests, in the order of their blocks. */
  readonly manifests: readonly ExportManifest[];
  /** The data objects that they list, in order. */
  readonly objects: readonly DataObject[];
  readonly options: JournalExportOptions;

  constructor(
    manifests: readonly ExportManifest[],
    objects: readonly DataObject[],
    options: JournalExportOptions,
  ) {
    this.manifests = manifests;
    this.objects = objects;
    this.options = options;
  }

  /** The strand that the manifests' names or, if those were changed, the objects' keys give; else `undefined`. */
  get strandId(): string | undefined {
    const named = this.manifests.find((manifest) => manifest.strandId !== undefined)?.strandId;
    return named ?? this.objects.find(({ name }) => name !== undefined)?.name?.strandId;
  }

  /** The ledger's name, if a started manifest was copied along. */
  get ledgerName(): string | undefined {
    return this.manifests.find(({ started }) => started?.ledgerName !== undefined)?.started?.ledgerName;
  }

  /** The blocks that the objects' names promise; `undefined` if no object is listed. */
  get range(): SequenceRange | undefined {
    const names = this.objects.flatMap(({ name }) => name ?? []);
    const [first, last] = [names.at(0), names.at(-1)];
    return first && last && { first: first.first, last: last.last };
  }

  /**
   * Streams the blocks in journal order, in memory that grows with neither export nor data object.
   *
   * A range (both ends included) opens only the data objects whose names overlap it. What is yielded is complete and
   * in order: a missing object, a gap, content that is no block, or content that does not match its object's
   * name throws a `LedgerLoaderError`. Hashes are not checked: that is `verifyExport`.
   */
  blocks(range?: Partial<SequenceRange>): AsyncIterable<ExportedBlock> {
    return readBlocks(this, range);
  }

  /** The same export with those of its data objects only whose names say that they hold blocks of the range, both ends included. */
  within({ first = 0, last = Number.MAX_SAFE_INTEGER }: Partial<SequenceRange>): JournalExport {
    const objects = this.objects.filter(({ name }) => name && name.first <= last && name.last >= first);
    return new JournalExport(this.manifests, objects, this.options);
  }
}
