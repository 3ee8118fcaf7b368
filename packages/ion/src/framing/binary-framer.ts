// SPDX-License-Identifier: MIT
import { IonStream } from "../binary/ion-stream";
import { SymbolTable } from "../binary/symbol-table";
import { ByteWindow } from "./byte-window";
import { TypeCode, VERSION_MARKER } from "../binary/type-code";
import { readValueHeader, type ValueHeader } from "./ion-binary-layout";
import { FrameError, whatIsWrong, type Framer, type IonFrame } from "./ion-frame";

/**
 * Frames Ion 1.0 binary: version markers may be repeated anywhere, local symbol tables (appended ones too) carry
 * over from value to value, NOP pads of any size are skipped as they arrive.
 */
export class BinaryFramer implements Framer {
  readonly #window = new ByteWindow();
  #symbols = SymbolTable.system;
  readonly #maxValueBytes: number;
  /** Bytes of a NOP pad that are still to be thrown away. */
  #padding = 0;

  /** @param maxValueBytes a longer value is an error: a damaged length must not make us buffer the whole stream. */
  constructor(maxValueBytes: number) {
    this.#maxValueBytes = maxValueBytes;
  }

  push(chunk: Uint8Array): void {
    this.#window.append(chunk);
  }

  next(): IonFrame | undefined {
    for (;;) {
      this.#skipPadding();
      const window = this.#window;
      if (window.length === 0) return undefined;
      if (window.bytes[window.start] === VERSION_MARKER[0]) {
        if (!this.#takeVersionMarker()) return undefined;
        continue;
      }
      const header = this.#readHeader();
      if (!header) return undefined;
      if (header.type === TypeCode.NULL && !header.isNull) {
        this.#padding = header.header + header.length;
        continue;
      }
      const frame = this.#takeValue(header);
      if (frame !== "symbol-table") return frame;
    }
  }

  end(): void {
    if (this.#window.length > 0 || this.#padding > 0) {
      throw new FrameError(this.#window.offset, "the content ends inside a value");
    }
  }

  #skipPadding(): void {
    const skipped = Math.min(this.#padding, this.#window.length);
    this.#window.consume(skipped);
    this.#padding -= skipped;
  }

  #takeVersionMarker(): boolean {
    const { bytes, start, length, offset } = this.#window;
    if (length < VERSION_MARKER.length) return false;
    if (VERSION_MARKER.some((byte, i) => bytes[start + i] !== byte)) {
      throw new FrameError(offset, "expected the Ion 1.0 version marker e0 01 00 ea, found another one");
    }
    this.#window.consume(VERSION_MARKER.length);
    this.#symbols = SymbolTable.system;
    return true;
  }

  #readHeader(): ValueHeader | undefined {
    const { bytes, start, end, offset } = this.#window;
    let header: ValueHeader | undefined;
    try {
      header = readValueHeader(bytes, start, end);
    } catch (error) {
      if (error instanceof RangeError) throw new FrameError(offset, `found ${error.message}`);
      throw error;
    }
    const isPadding = header?.type === TypeCode.NULL;
    if (header && !isPadding && header.header + header.length > this.#maxValueBytes) {
      throw new FrameError(
        offset,
        `expected a value of at most ${this.#maxValueBytes} bytes, found ${header.length}`,
      );
    }
    return header;
  }

  /** Returns the value, `"symbol-table"` if it was one (and took effect), or `undefined` if it is incomplete. */
  #takeValue(header: ValueHeader): IonFrame | "symbol-table" | undefined {
    const { bytes, start, length, offset } = this.#window;
    const size = header.header + header.length;
    if (length < size) return undefined;
    const value = bytes.slice(start, start + size);
    if (header.type === TypeCode.ANNOTATION && this.#applySymbolTable(value)) {
      this.#window.consume(size);
      return "symbol-table";
    }
    this.#window.consume(size);
    return { offset, size, encoding: "ion-binary", bytes: value, symbols: this.#symbols };
  }

  /** True if an annotated value is a symbol table; it holds from here on. */
  #applySymbolTable(value: Uint8Array): boolean {
    try {
      const stream = new IonStream(value, { symbols: this.#symbols });
      if (stream.next() !== undefined) return false;
      this.#symbols = stream.symbols;
      return true;
    } catch (error) {
      throw new FrameError(
        this.#window.offset,
        `found a symbol table that cannot be read: ${whatIsWrong(error)}`,
      );
    }
  }
}
