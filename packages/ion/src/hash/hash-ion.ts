// SPDX-License-Identifier: MIT
import type { dom } from "ion-js";
import type { Hash } from "./hash";
import { encodeIon } from "../binary/encode-ion";
import { IonHasher } from "./ion-hasher";
import type { IonSlice } from "../binary/ion-slice";
import { readSingleValue } from "../binary/ion-stream";
import { IonWriter } from "../binary/ion-writer";
import { TypeCode } from "../binary/type-code";
import type { Steps } from "../steps";

const hasher = new IonHasher();

/**
 * `H(v)`: the Ion Hash 1.0 of a value with SHA-256, straight from Ion binary.
 *
 * @param value - self-contained Ion binary with exactly one value, or a slice of a larger stream.
 * @throws MalformedIonError, UnknownSymbolError
 */
export function hashIon(value: Uint8Array | IonSlice): Hash {
  return hasher.hash(value instanceof Uint8Array ? readSingleValue(value) : value);
}

/**
 * As {@link hashIon}, but yields after about so many bytes: to hash many small values takes its time.
 *
 * @throws MalformedIonError, UnknownSymbolError
 */
export function* hashInSteps(value: IonSlice, bytesPerStep: number): Steps<Hash> {
  if (value.end - value.start <= bytesPerStep) return hashIon(value);
  // Others hash between two steps.
  return yield* new IonHasher().hashInSteps(value, bytesPerStep);
}

/** The hash of a value and, if it is a list, those of its structs, by where these begin. */
export interface PartHashes {
  readonly hash: Hash;
  readonly structs: ReadonlyMap<number, Hash>;
}

/**
 * As {@link hashInSteps}; of a list also the hashes of its structs, which cost little more: documents that are inserted together.
 * Of a long list only the first ones are there.
 *
 * @throws MalformedIonError, UnknownSymbolError
 */
export function* hashPartsInSteps(value: IonSlice, bytesPerStep: number): Steps<PartHashes> {
  if (value.code !== TypeCode.LIST && value.code !== TypeCode.SEXP) {
    return { hash: yield* hashInSteps(value, bytesPerStep), structs: NO_STRUCTS };
  }
  const structs = new Map<number, Hash>();
  const hash =
    value.length <= bytesPerStep
      ? hasher.hash(value, structs)
      : yield* new IonHasher().hashInSteps(value, bytesPerStep, structs);
  return { hash, structs };
}

const NO_STRUCTS: ReadonlyMap<number, Hash> = new Map();

/** `H(v)` of a value in memory. */
export function hashIonValue(value: dom.Value): Hash {
  return hashIon(encodeIon(value));
}

/** `H(v)` of a string, for instance of a PartiQL statement or a transaction id. */
export function hashIonString(text: string): Hash {
  const writer = new IonWriter();
  writer.string(text);
  return hashIon(writer.finish());
}
