// SPDX-License-Identifier: MIT
export { copySlice, detach, toIonBinary } from "./binary/copy-slice";
export { decodeInSteps, decodeIon } from "./binary/decode-ion";
export { encodeIon, writeValue } from "./binary/encode-ion";
export { findField } from "./binary/find-field";
export { encodeNode, IonDraft, isDecoded } from "./binary/ion-draft";
export type { DraftMember, IonNode } from "./binary/ion-draft";
export { IonSlice } from "./binary/ion-slice";
export { IonStream, readSingleValue } from "./binary/ion-stream";
export { IonWriter } from "./binary/ion-writer";
export type { UtcTimestamp } from "./binary/timestamp-parts";
export { SymbolTable } from "./binary/symbol-table";
export type { SharedSymbols, SymbolEntry } from "./binary/symbol-table";
export { isVersionMarker, TypeCode, VERSION_MARKER } from "./binary/type-code";
export type { IonTypeName } from "./binary/type-code";
export { validateIon } from "./binary/validate-ion";
export { freezeIon } from "./dom/freeze-ion";
export { decodeIonValues, decodeLazily } from "./dom/decode-ion-values";
export { equalIon, equalIonByValue } from "./dom/ion-equality";
export { ionSize, ionSizeAtMost } from "./dom/ion-size";
export { checkIonText } from "./dom/ion-text-check";
export { toIonText } from "./dom/ion-text";
export { withDecimalExponents, withExactJsonNumbers } from "./dom/json-numbers";
export { readPlainText } from "./dom/plain-text";
export { hasField, withField, withoutField } from "./dom/struct-fields";
export { BinaryFramer } from "./framing/binary-framer";
export { FrameError, readFrame } from "./framing/ion-frame";
export type { Framer, IonFrame } from "./framing/ion-frame";
export { TextFramer } from "./framing/text-framer";
export { hashInSteps, hashIon, hashIonString, hashIonValue, hashPartsInSteps } from "./hash/hash-ion";
export type { PartHashes } from "./hash/hash-ion";
export { HASH_LENGTH, formatHash, hashesEqual, sha256, sha256OfPair } from "./hash/hash";
export type { Hash } from "./hash/hash";
export {
  MAX_ION_DEPTH,
  MalformedIonError,
  UnencodableValueError,
  UnexpectedIonTypeError,
  UnknownSymbolError,
} from "./ion-errors";
export { runAtOnce, runInTurns } from "./steps";
export type { Steps } from "./steps";
export { IonTextStream } from "./text/ion-text-stream";
export { binaryToText, printBinary } from "./text/ion-text";
export { formatTimestamp, writeTimestamp } from "./text/timestamp-text";
export { transcodeInSteps, transcodeToBinary } from "./text/transcode-to-binary";
