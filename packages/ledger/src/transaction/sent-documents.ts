// SPDX-License-Identifier: MIT
import { type Hash, type IonSlice, readSingleValue, toIonBinary } from "@ledger-loader/ion";
import { sequenceOf } from "@ledger-loader/partiql";
import type { dom } from "ion-js";
import { DocumentContent } from "../storage/pending-document";
import type { StatementParameter } from "./statement-parameter";

/** Where a value stands in the bytes that were sent. */
interface Sent {
  readonly slice: IonSlice;
  /** The Ion hash of it, where it is known. */
  readonly hash?: Hash | undefined;
}

/**
 * The documents among a statement's parameters, and in lists of them, by value: what is stored as it was sent is copied, which costs
 * a third of encoding it again, and its hash is known where the whole parameter is the document.
 */
export class SentDocuments {
  readonly #parameters: readonly StatementParameter[];
  readonly #listLengthMax: number;
  #byValue: ReadonlyMap<dom.Value, Sent> | undefined;

  /** @param listLengthMax - documents of longer lists are not looked for. */
  constructor(parameters: readonly StatementParameter[], listLengthMax: number) {
    this.#parameters = parameters;
    this.#listLengthMax = listLengthMax;
  }

  /** What is stored for a value that was sent; `undefined` for another value. */
  contentOf(value: dom.Value): DocumentContent | undefined {
    this.#byValue ??= new Map(this.#parameters.flatMap((parameter) => [...this.#documentsIn(parameter)]));
    const sent = this.#byValue.get(value);
    return sent && new DocumentContent(toIonBinary(sent.slice), value, sent.hash);
  }

  *#documentsIn({ value, ion, hash }: StatementParameter): Iterable<[dom.Value, Sent]> {
    const slice = readSingleValue(ion);
    yield [value, { slice, hash }];
    const sequence = sequenceOf(value);
    if (sequence === undefined || sequence.length > this.#listLengthMax) return;
    const slices = slice.elements();
    for (const [i, element] of [...sequence].entries()) {
      const found = slices[i];
      if (found !== undefined) yield [element, { slice: found }];
    }
  }
}
