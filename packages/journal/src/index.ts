// SPDX-License-Identifier: MIT
export { CompactRange } from "./compact-range";
export { decodeBlock, encodeBlock } from "./block";
export type { Block, RevisionSummary } from "./block";
export { addressesEqual, decodeBlockAddress, formatBlockAddress, writeBlockAddress } from "./block-address";
export type { BlockAddress } from "./address";
export { buildBlock, revisionRoot } from "./build-block";
export type { BlockDraft } from "./build-block";
export { encodeProof, formatDigest, parseDigest, parseProof } from "./digest";
export type { Digest } from "./digest";
export { compareHashes, dot } from "./dot";
export { blockHashOf, entriesHashOf, headerEntry, shapeEntry } from "./entries";
export type { BlockHeader } from "./entries";
export type { Finding, FindingRule, FindingSeverity } from "./finding";
export { MalformedBlockError, MalformedProofError, MissingNodeError } from "./journal-errors";
export { leadsThrough } from "./leads-through";
export { merkleRoot } from "./merkle-root";
export { appendLeaf, foldNodes, MerkleTree, proofPlan, rootPlan } from "./merkle-tree";
export type { MerkleNode, MerkleNodes, NodeAddress } from "./merkle-tree";
export { foldProof, revisionProof, verifyProof } from "./proof";
export type { Proof } from "./proof";
export { parseReceipt } from "./receipt";
export type { Receipt, ReceiptDigest, ReceiptSubject } from "./receipt";
export {
  buildRevision,
  decodeRevision,
  deleteRevisionHash,
  encodeMetadata,
  encodeRevision,
  NO_DATA_HASH,
  redactedRevisionHash,
  redactRevision,
  revisionHash,
  writeRevision,
} from "./revision";
export type { DeleteRule, Revision, RevisionDraft, RevisionMetadata } from "./revision";
export { SealedBlocks } from "./sealed-blocks";
export { CommitDigest, statementDigest } from "./statement-digest";
export {
  decodeRedactionInfo,
  decodeTransactionInfo,
  encodeRedactionInfo,
  encodeTransactionInfo,
} from "./transaction-info";
export type { DocumentInfo, RedactedRevision, StatementInfo, TransactionInfo } from "./transaction-info";
export { UNCOVERED_FIELDS, uncoveredFields } from "./uncovered-fields";
export type { UncoveredField } from "./uncovered-fields";
export { verifyBlock } from "./verify-block";
export type { BlockVerification, VerifyBlockOptions } from "./verify-block";
export { verifyLink } from "./verify-link";
export type { ChainTip, LinkedBlock } from "./verify-link";
export { verifyClaim } from "./verify-claim";
export type { ClaimVerification, ProofClaim, ProvenContent } from "./verify-claim";
export { verifyReceipts } from "./verify-receipts";
export type { ReceiptVerification, ReceiptsVerification } from "./verify-receipts";
export { addTally, emptyTally, verifyRevision } from "./verify-revision";
export type { RevisionContext, RevisionTally } from "./verify-revision";
export { heaviestVerdict } from "./verdict";
export type { Assurance, Verdict } from "./verdict";
