// SPDX-License-Identifier: MIT
import { SymbolTable } from "../binary/symbol-table";
import { ByteWindow } from "./byte-window";
import { FrameError, whatIsWrong, type Framer, type IonFrame } from "./ion-frame";
import { Ch, State, STRUCTURAL, WHITESPACE, WORD } from "./text-state";
import { IonTextStream } from "../text/ion-text-stream";

/**
 * Frames Ion 1.0 text: finds the end of each top-level struct without parsing it.
 *
 * It knows strings, long strings, quoted symbols, blobs and clobs, comments and escapes, and keeps its place
 * between pieces, so every byte is looked at once. Local symbol tables carry over to the values after them.
 * Values are only framed here: whether their content is valid Ion is found when they are decoded.
 */
export class TextFramer implements Framer {
  readonly #window = new ByteWindow();
  #symbols = SymbolTable.system;
  readonly #maxValueBytes: number;
  #state: State = State.top;
  /** Bytes of the window that have been scanned. */
  #scanned = 0;
  /** Open containers around the scanner's place. */
  #depth = 0;
  /** True if strings are those of a clob. */
  #inLob = false;
  /** Where the pending value began, its annotations included; -1 before it. Relative to the window's start. */
  #valueStart = -1;
  /** Where the current top-level word or quoted symbol began. Relative to the window's start. */
  #wordStart = 0;
  /** A top-level word whose role, annotation or value, is not known yet. */
  #word: string | undefined;
  #annotations: string[] = [];

  /** @param maxValueBytes a longer value is an error: an unclosed quote must not make us buffer the whole stream. */
  constructor(maxValueBytes: number) {
    this.#maxValueBytes = maxValueBytes;
  }

  push(chunk: Uint8Array): void {
    this.#window.append(chunk);
  }

  next(): IonFrame | undefined {
    const window = this.#window;
    while (this.#scanned < window.length) {
      this.#skipPlainBytes();
      if (this.#scanned >= window.length) break;
      const closed = this.#step(window.bytes[window.start + this.#scanned] ?? 0);
      if (!closed) continue;
      const frame = this.#takeValue();
      if (frame) return frame;
    }
    this.#forgetScanned();
    return undefined;
  }

  end(): void {
    if (this.#state === State.word) this.#endWord();
    const between = this.#state === State.top || this.#state === State.lineComment;
    if (between && this.#depth === 0) this.#settleWord();
    if (!between || this.#depth > 0 || this.#annotations.length > 0) {
      throw new FrameError(this.#valueOffset(), "the content ends inside a value");
    }
  }

  /** Runs over bytes that cannot change the state: nearly all of a document's. */
  #skipPlainBytes(): void {
    const { bytes, start, end } = this.#window;
    let at = start + this.#scanned;
    switch (this.#state) {
      case State.body:
        while (at < end && STRUCTURAL[bytes[at] ?? 0] === 0) at++;
        break;
      case State.string:
        while (at < end && bytes[at] !== Ch.doubleQuote && bytes[at] !== Ch.backslash) at++;
        break;
      case State.lob:
        while (at < end && STRUCTURAL[bytes[at] ?? 0] === 0) at++;
        break;
      case State.long:
        while (at < end && bytes[at] !== Ch.quote && bytes[at] !== Ch.backslash) at++;
        break;
      default:
        return;
    }
    this.#scanned = at - start;
  }

  /** Takes one byte. Returns whether it closed a top-level struct. */
  #step(byte: number): boolean {
    if (this.#state === State.word && WORD[byte] === 0) this.#endWord();
    if (this.#state === State.top) return this.#stepAtTop(byte);
    if (this.#state === State.body) return this.#stepInBody(byte);
    return this.#stepInToken(byte);
  }

  #stepAtTop(byte: number): boolean {
    const at = this.#scanned;
    if (WHITESPACE[byte] === 1) return this.#go(State.top);
    if (byte === Ch.slash) return this.#go(State.slash);
    if (byte === Ch.colon && this.#word !== undefined) return this.#go(State.colon);
    this.#settleWord();
    if (this.#valueStart < 0) this.#valueStart = at;
    this.#wordStart = at;
    if (byte === Ch.openBrace) return this.#go(State.maybeLob);
    if (byte === Ch.quote) return this.#go(State.quote);
    if (WORD[byte] === 1) return this.#go(State.word);
    throw this.#unexpected();
  }

  #stepInBody(byte: number): boolean {
    switch (byte) {
      case Ch.doubleQuote:
        return this.#go(State.string);
      case Ch.quote:
        return this.#go(State.quote);
      case Ch.slash:
        return this.#go(State.slash);
      case Ch.openBrace:
        return this.#go(State.maybeLob);
      case Ch.openBracket:
      case Ch.openParen:
        this.#depth++;
        return this.#go(State.body);
      default:
        // What is left of the structural bytes are the closing ones. The decoder checks that they match.
        this.#depth--;
        this.#go(this.#outside());
        return this.#depth === 0;
    }
  }

  /** A byte inside of, or half-way into, a token. */
  #stepInToken(byte: number): boolean {
    switch (this.#state) {
      case State.slash:
        if (byte === Ch.slash) return this.#go(State.lineComment);
        if (byte === Ch.star) return this.#go(State.blockComment);
        // A lone slash is an operator of an S-expression; the decoder knows where it may stand.
        if (this.#depth === 0) throw this.#unexpected();
        return this.#back();
      case State.lineComment:
        return byte === Ch.newline || byte === Ch.return
          ? this.#go(this.#outside())
          : this.#go(State.lineComment);
      case State.blockComment:
        return this.#go(byte === Ch.star ? State.maybeBlockEnd : State.blockComment);
      case State.maybeBlockEnd:
        if (byte === Ch.star) return this.#go(State.maybeBlockEnd);
        return this.#go(byte === Ch.slash ? this.#outside() : State.blockComment);
      case State.colon:
        if (byte !== Ch.colon) throw this.#unexpected();
        this.#annotations.push(this.#word ?? "");
        this.#word = undefined;
        return this.#go(State.top);
      case State.maybeLob:
        return this.#stepAfterBrace(byte);
      default:
        return this.#stepInQuotes(byte);
    }
  }

  #stepAfterBrace(byte: number): boolean {
    if (byte !== Ch.openBrace) {
      this.#depth++;
      return this.#back();
    }
    if (this.#depth === 0) throw this.#unexpected();
    this.#inLob = true;
    return this.#go(State.lob);
  }

  #stepInQuotes(byte: number): boolean {
    const isQuote = byte === Ch.quote;
    switch (this.#state) {
      case State.lob:
        if (byte === Ch.doubleQuote) return this.#go(State.string);
        if (isQuote) return this.#go(State.quote);
        return this.#go(byte === Ch.closeBrace ? State.maybeLobEnd : State.lob);
      case State.maybeLobEnd:
        if (byte !== Ch.closeBrace) return this.#go(State.lob);
        this.#inLob = false;
        return this.#go(State.body);
      case State.string:
        return this.#go(byte === Ch.doubleQuote ? this.#outside() : State.stringEscape);
      case State.stringEscape:
        return this.#go(State.string);
      case State.quote:
        if (isQuote) return this.#go(State.twoQuotes);
        return this.#go(byte === Ch.backslash ? State.symbolEscape : State.symbol);
      case State.symbol:
        if (isQuote) return this.#endQuotedSymbol();
        return this.#go(byte === Ch.backslash ? State.symbolEscape : State.symbol);
      case State.symbolEscape:
        return this.#go(State.symbol);
      case State.twoQuotes:
        if (isQuote) return this.#enterLongString();
        // It was the empty symbol.
        if (this.#depth === 0) this.#word = "";
        return this.#back();
      case State.long:
        return this.#go(isQuote ? State.longQuote : State.longEscape);
      case State.longQuote:
        if (isQuote) return this.#go(State.longTwoQuotes);
        return this.#again(State.long);
      case State.longTwoQuotes:
        return isQuote ? this.#go(this.#outside()) : this.#again(State.long);
      case State.longEscape:
        return this.#go(State.long);
      default:
        // `word`: its first byte was seen at top level, this is one more of it.
        this.#scanned++;
        return false;
    }
  }

  #enterLongString(): boolean {
    if (this.#depth === 0) throw this.#unexpected();
    return this.#go(State.long);
  }

  #endQuotedSymbol(): boolean {
    this.#go(this.#outside());
    if (this.#depth === 0) this.#word = this.#textFrom(this.#wordStart).slice(1, -1);
    return false;
  }

  #endWord(): void {
    this.#word = this.#textFrom(this.#wordStart);
    this.#state = State.top;
  }

  /** Decides about a word that no `::` followed: at top level only version markers may be that. */
  #settleWord(): void {
    if (this.#word === undefined) return;
    if (this.#annotations.length > 0 || this.#word !== "$ion_1_0") throw this.#unexpected();
    this.#word = undefined;
    this.#valueStart = -1;
    this.#symbols = SymbolTable.system;
  }

  /** Consumes the struct that was just closed. Returns it, or `undefined` if it was a symbol table. */
  #takeValue(): IonFrame | undefined {
    const { bytes, start, offset } = this.#window;
    const size = this.#scanned - this.#valueStart;
    const value = bytes.subarray(start + this.#valueStart, start + this.#scanned);
    const frameOffset = offset + this.#valueStart;
    const isTable = this.#annotations[0] === "$ion_symbol_table";
    if (isTable) this.#applyTable(value, frameOffset);
    const own = isTable ? undefined : value.slice();
    this.#window.consume(this.#scanned);
    this.#scanned = 0;
    this.#valueStart = -1;
    this.#annotations = [];
    return own && { offset: frameOffset, size, encoding: "ion-text", bytes: own, symbols: this.#symbols };
  }

  /** Takes in the text of a symbol table; it holds from here on. */
  #applyTable(declaration: Uint8Array, offset: number): void {
    try {
      const stream = new IonTextStream(declaration, { symbols: this.#symbols });
      stream.next();
      this.#symbols = stream.symbols;
    } catch (error) {
      throw new FrameError(offset, `found a symbol table that cannot be read: ${whatIsWrong(error)}`);
    }
  }

  /** Lets go of what no pending value needs: white space and comments between values, of any length. */
  #forgetScanned(): void {
    const { length } = this.#window;
    if (this.#valueStart < 0) {
      this.#window.consume(length);
      this.#scanned = 0;
    } else if (length - this.#valueStart > this.#maxValueBytes) {
      const problem = `expected a value of at most ${this.#maxValueBytes} bytes, found no end of it (an unclosed quote?)`;
      throw new FrameError(this.#valueOffset(), problem);
    }
  }

  #go(state: State): boolean {
    this.#state = state;
    this.#scanned++;
    return false;
  }

  /** Looks at the same byte again in another state. */
  #again(state: State): boolean {
    this.#state = state;
    return false;
  }

  #back(): boolean {
    return this.#again(this.#outside());
  }

  /** The state that surrounds a token that ended. */
  #outside(): State {
    if (this.#inLob) return State.lob;
    return this.#depth === 0 ? State.top : State.body;
  }

  #textFrom(from: number): string {
    const { bytes, start } = this.#window;
    return Buffer.from(bytes.buffer, bytes.byteOffset + start + from, this.#scanned - from).toString("utf8");
  }

  #valueOffset(): number {
    return this.#window.offset + Math.max(this.#valueStart, 0);
  }

  #unexpected(): FrameError {
    return new FrameError(
      this.#window.offset + this.#scanned,
      "expected a struct, a symbol table or a version marker at top level, found something else",
    );
  }
}
