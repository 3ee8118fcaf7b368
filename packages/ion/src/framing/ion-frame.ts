// SPDX-License-Identifier: MIT
import { IonSlice } from "../binary/ion-slice";
import { readSingleValue } from "../binary/ion-stream";
import type { SymbolTable } from "../binary/symbol-table";
import { MalformedIonError, UnknownSymbolError } from "../ion-errors";
import { transcodeToBinary } from "../text/transcode-to-binary";

/** One top-level Ion value cut out of a stream. Its bytes are its own: they do not change as the stream goes on. */
export interface IonFrame {
  /** Position of the value's first byte in the stream. */
  readonly offset: number;
  /** Bytes the value takes in the stream. */
  readonly size: number;
  readonly encoding: "ion-text" | "ion-binary";
  /** The value. */
  readonly bytes: Uint8Array;
  /** The symbol table that holds for the value. */
  readonly symbols: SymbolTable;
}

/** A cursor over a frame's value. Throws the errors of journal's readers if it is not Ion. */
export function readFrame({ encoding, bytes, symbols }: IonFrame): IonSlice {
  if (encoding === "ion-text") return readSingleValue(transcodeToBinary(bytes, { symbols }));
  return new IonSlice(bytes, 0, bytes.length, symbols);
}

/** Cuts a stream that arrives in pieces of any size into top-level values, holding no more than one of them. */
export interface Framer {
  /** Takes the next bytes of the stream. */
  push(chunk: Uint8Array): void;
  /** Returns the next complete value, or `undefined` if more bytes are needed. Throws `FrameError`. */
  next(): IonFrame | undefined;
  /** Says that the stream is over. Throws `FrameError` if it ends inside a value. */
  end(): void;
}

/** A place where a stream is not Ion. Wrapped into a `MalformedContentError` once the object's key is known. */
export class FrameError extends Error {
  readonly offset: number;

  constructor(offset: number, problem: string) {
    super(problem);
    this.offset = offset;
  }
}

/** The problem that a reader of Ion found, as the end of a sentence. */
export function whatIsWrong(error: unknown): string {
  if (error instanceof MalformedIonError) return `expected ${error.expected}`;
  if (error instanceof UnknownSymbolError) return "it imports a shared table that is not known here";
  throw error;
}
