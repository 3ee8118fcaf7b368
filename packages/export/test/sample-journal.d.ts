import { type Block } from "@ledger-loader/journal";
import { type Hash } from "@ledger-loader/ion";
import * as fc from "fast-check";
export declare const STRAND = "KmA3ZZca7vAIiJAK9S5Iwl";
/** What happens to one document in a block. */
export interface PlannedRevision {
    readonly document: number;
    readonly kind: "data" | "delete" | "redacted" | "hash-only";
    readonly text: string;
}
/** The revisions of one block; `undefined` for a block without transaction. */
export type PlannedBlock = readonly PlannedRevision[] | undefined;
export interface JournalPlan {
    readonly first: number;
    /** Whether the blocks are as our ledger makes them, or as QLDB did, with opaque entries. */
    readonly sealed: boolean;
    readonly blocks: readonly PlannedBlock[];
}
/** Plans of short journals with blocks and revisions of every kind; two deletions are always among them. */
export declare const arbitraryPlan: fc.Arbitrary<JournalPlan>;
/** Makes the blocks of a plan, chained, all within one hour. */
export declare function buildJournal({ first, sealed, blocks }: JournalPlan, before?: Hash): Block[];
/** The digest of a journal that begins with block 0. */
export declare function digestOf(blocks: readonly Block[]): Hash;
/** Makes a document id; some begin with a digit, as QLDB's do. */
export declare const documentId: (document: number) => string;
