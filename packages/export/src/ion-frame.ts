// SPDX-License-Identifier: MIT

/** One top-level Ion value cut out of a stream. */
export interface IonFrame {
  /** Position of the value's first byte in the stream. */
  readonly offset: number;
  /** Bytes the value takes in the stream. */
  readonly size: number;
  readonly encoding: "ion-text" | "ion-binary";
  /** The value on its own: preceded by the symbol tables it depends on, if any. Independent of the stream's buffer. */
  readonly bytes: Uint8Array;
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
