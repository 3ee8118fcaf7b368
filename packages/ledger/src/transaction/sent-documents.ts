// SPDX-License-Identifier: MIT
import { type Hash, type IonSlice, readSingleValue, toIonBinary } from "@ledger-loader/ion";
import { fieldOf, sequenceOf } from "@ledger-loader/partiql";
import type { dom } from "ion-js";
import { DocumentContent } from "../storage/pending-document";
import type { StatementParameter } from "./statement-parameter";

/** Where a value stands in the bytes that were sent. */
interface Sent {
  readonly slice: IonSlice;
  /** The Ion hash of it, where it is known. */
  readonly hash?: Hash | undefined;
}

type SentValues = ReadonlyMap<dom.Value, Sent>;

/**
 * The documents among a statement's parameters, in lists of them, and in fields of such a list's elements, by value: what is stored as it was sent is copied, which costs
 * a third of encoding it again, and its hash is known where the whole parameter is the document.
 */
export class SentDocuments {
  readonly #parameters: readonly StatementParameter[];
  readonly #listLengthMax: number;
  #documents: SentValues | undefined;
  #fields: SentValues | undefined;

  /** @param listLengthMax - documents of longer lists are not looked for. */
  constructor(parameters: readonly StatementParameter[], listLengthMax: number) {
    this.#parameters = parameters;
    this.#listLengthMax = listLengthMax;
  }

  /** What is stored for a value that was sent; `undefined` for another value. */
  contentOf(value: dom.Value): DocumentContent | undefined {
    this.#documents ??= new Map(this.#parameters.flatMap((parameter) => [...this.#documentsIn(parameter)]));
    let sent = this.#documents.get(value);
    if (sent === undefined) {
      this.#fields ??= new Map(
        [...this.#documents].flatMap(([element, { slice }]) => [...fieldsOf(element, slice)]),
      );
      sent = this.#fields.get(value);
    }
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

/** The fields of a struct. Of several with one name the last one counts, in both forms. */
function* fieldsOf(element: dom.Value, slice: IonSlice): Iterable<[dom.Value, Sent]> {
  if (slice.type !== "struct" || slice.isNull) return;
  for (const [name, field] of slice.fields()) {
    const value = name === undefined ? undefined : fieldOf(element, name);
    if (value !== undefined) yield [value, { slice: field }];
  }
}
