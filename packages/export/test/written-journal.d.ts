import { type Block } from "@ledger-loader/journal";
import { type ExportWriterOptions, type VerificationReport } from "@ledger-loader/export";
/** An export in a folder, with its first data object (the folder itself, if it has none). */
export interface WrittenJournal {
    readonly manifestPath: string;
    readonly objectPath: string;
}
/** Writes blocks, all of one hour, as an export: in Ion text with a single data object, unless the options say otherwise. */
export declare function writeJournal(folder: string, blocks: readonly Block[], options?: Partial<Pick<ExportWriterOptions, "format" | "maxObjectBytes" | "exportId">>): Promise<WrittenJournal>;
/** Verifies an export on disk, without anchors. */
export declare function verifyWritten({ manifestPath }: WrittenJournal): Promise<VerificationReport>;
/** The findings of a report in short: `failed block-hash`. */
export declare function rulesOf({ findings }: VerificationReport): string[];
