// SPDX-License-Identifier: MIT
export { decodeBlock, encodeBlock } from "./block";
export type { Block, RevisionSummary } from "./block";
export { addressesEqual, decodeBlockAddress, formatBlockAddress, writeBlockAddress } from "./block-address";
export type { BlockAddress } from "./block-address";
export { buildBlock, revisionRoot } from "./build-block";
export type { BlockDraft } from "./build-block";
export { encodeProof, formatDigest, parseDigest, parseProof } from "./digest";
export type { Digest } from "./digest";
export { compareHashes, dot } from "./dot";
export { blockHashOf, entriesHashOf, headerEntry, shapeEntry } from "./entries";
export type { BlockHeader } from "./entries";
export type { Finding, FindingRule, FindingSeverity } from "./finding";
export { formatHash, HASH_LENGTH, hashesEqual, sha256 } from "./hash";
export type { Hash } from "./hash";
export { copySlice, detach, toIonBinary } from "./ion/copy-slice";
export { decodeIon } from "./ion/decode-ion";
export { encodeIon, writeValue } from "./ion/encode-ion";
export { findField } from "./ion/find-field";
export { hashIon, hashIonString, hashIonValue } from "./ion/hash-ion";
export {
  MalformedIonError,
  MAX_ION_DEPTH,
  UnencodableValueError,
  UnexpectedIonTypeError,
  UnknownSymbolError,
} from "./ion/ion-errors";
export { IonSlice } from "./ion/ion-slice";
export { IonStream, readSingleValue } from "./ion/ion-stream";
export { IonTextStream } from "./ion/ion-text-stream";
export { IonWriter } from "./ion/ion-writer";
export type { UtcTimestamp } from "./ion/ion-writer";
export { SymbolTable } from "./ion/symbol-table";
export type { SharedSymbols, SymbolEntry } from "./ion/symbol-table";
export { formatTimestamp, writeTimestamp } from "./ion/timestamp-text";
export { transcodeToBinary } from "./ion/transcode-to-binary";
export { TypeCode } from "./ion/type-code";
export type { IonTypeName } from "./ion/type-code";
export { MalformedBlockError, MalformedProofError, MissingNodeError } from "./journal-errors";
export { merkleRoot } from "./merkle-root";
export { appendLeaf, foldNodes, MerkleTree, proofPlan, rootPlan } from "./merkle-tree";
export type { MerkleNode, MerkleNodes, NodeAddress } from "./merkle-tree";
export { foldProof, revisionProof, verifyProof } from "./proof";
export type { Proof } from "./proof";
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
export { statementCodec } from "./statement-codec";
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
export type { BlockVerification, ChainTip, VerifyBlockOptions } from "./verify-block";
export { addTally, emptyTally, verifyRevision } from "./verify-revision";
export type { RevisionContext, RevisionTally } from "./verify-revision";
