// SPDX-License-Identifier: MIT
export { compareHashes, dot } from "./dot";
export { formatHash, HASH_LENGTH, hashesEqual, sha256 } from "./hash";
export type { Hash } from "./hash";
export { encodeIon } from "./ion/encode-ion";
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
export { IonWriter } from "./ion/ion-writer";
export type { UtcTimestamp } from "./ion/ion-writer";
export { SymbolTable } from "./ion/symbol-table";
export type { SharedSymbols } from "./ion/symbol-table";
export type { IonTypeName } from "./ion/type-code";
export { merkleRoot } from "./merkle-root";
export { decodeIon } from "./ion/decode-ion";
export { IonTextStream } from "./ion/ion-text-stream";
export { transcodeToBinary } from "./ion/transcode-to-binary";
