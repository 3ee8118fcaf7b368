// SPDX-License-Identifier: MIT
import type { FieldName } from "@ledger-loader/core";
import type { JournalExport } from "@ledger-loader/export";
import { compareRecord } from "./compare-record";
import { Differences } from "./differences";
import { ExportedSide, type ExportedSideOptions, recordKeyOf } from "./exported-side";
import { joinGroups } from "./join-groups";
import type { ReconcileReport } from "./reconcile-report";

/** The options of {@link reconcileExports}. */
export interface ReconcileExportsOptions extends Omit<
  ExportedSideOptions,
  "idFieldOf" | "read" | "transform"
> {
  /** Called now and then while the exports are read, and while they are compared. */
  readonly onProgress?: (
    phase: "reading the export" | "reading the other side" | "comparing",
    revisions: number,
    total?: number,
  ) => void;
}

/**
 * Compares two exports whose documents have the same ids: of one ledger, or of a ledger and its restored or copied twin. In
 * the report, `ledger` is the second export.
 *
 * Content is compared by Ion hash, recomputed on both sides. Both sides are sorted through temporary files, so memory does not
 * grow with their size.
 */
export async function reconcileExports(
  left: JournalExport,
  right: JournalExport,
  { onProgress, ...options }: ReconcileExportsOptions = {},
): Promise<ReconcileReport> {
  const started = Date.now();
  const side = { ...options, idFieldOf: () => undefined };
  const [exported, other] = [new ExportedSide(side), new ExportedSide(side)];
  const differences = new Differences(() => "" as FieldName);
  try {
    await exported.read(left, (revisions) => onProgress?.("reading the export", revisions));
    await other.read(right, (revisions) => onProgress?.("reading the other side", revisions));
    let compared = 0;
    for await (const pair of joinGroups(exported.sorted(), other.sorted(), recordKeyOf)) {
      const [{ table, id } = { table: "", id: "" }] = [...pair.left, ...pair.right];
      const ledger = pair.right.map((record) => ({ ...record, documentId: record.id }));
      const counts = { exported: pair.left.length, ledger: ledger.length };
      differences.add(table, counts, compareRecord({ table, id, exported: pair.left, ledger }));
      onProgress?.("comparing", (compared += pair.left.length), exported.revisions);
    }
  } finally {
    await Promise.all([exported.dispose(), other.dispose()]);
  }
  return { ...differences.report(), leftOut: exported.leftOut, elapsedMs: Date.now() - started };
}
