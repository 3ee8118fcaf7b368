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

/**
 * The documents among a statement's parameters, in lists of them, and in fields of their elements, as `FROM ? AS p … SET t = p.data`
 * takes them, by value: what is stored as it was sent is copied, which costs
 * a third of encoding it again, and its hash is known where the whole parameter is the document.
 */
export class SentDocuments {
  readonly #parameters: readonly StatementParameter[];
  readonly #listLengthMax: number;
  #byValue: ReadonlyMap<dom.Value, Sent> | undefined;
  /** What is in the fields of elements; looked at only for what is no parameter or element. */
  #inElements: ReadonlyMap<dom.Value, Sent> | undefined;

  /** @param listLengthMax - documents of longer lists are not looked for. */
  constructor(parameters: readonly StatementParameter[], listLengthMax: number) {
    this.#parameters = parameters;
    this.#listLengthMax = listLengthMax;
  }

  /** What is stored for a value that was sent; `undefined` for another value. */
  contentOf(value: dom.Value): DocumentContent | undefined {
    this.#byValue ??= new Map(this.#parameters.flatMap((each) => [...this.#documentsIn(each)]));
    const sent = this.#byValue.get(value) ?? this.#fieldsOfElements().get(value);
    return sent && new DocumentContent(toIonBinary(sent.slice), value, sent.hash);
  }

  *#documentsIn(parameter: StatementParameter): Iterable<[dom.Value, Sent]> {
    const { value, ion, hash } = parameter;
    yield [value, { slice: readSingleValue(ion), hash }];
    yield* this.#elementsOf(parameter);
  }

  #fieldsOfElements(): ReadonlyMap<dom.Value, Sent> {
    this.#inElements ??= new Map(
      this.#parameters.flatMap((parameter) => [...this.#elementsOf(parameter)].flatMap(fieldsOf)),
    );
    return this.#inElements;
  }

  *#elementsOf({ value, ion }: StatementParameter): Iterable<[dom.Value, Sent]> {
    const sequence = sequenceOf(value);
    if (sequence === undefined || sequence.length > this.#listLengthMax) return;
    const slices = readSingleValue(ion).elements();
    for (const [i, element] of [...sequence].entries()) {
      const found = slices[i];
      if (found !== undefined) yield [element, { slice: found }];
    }
  }
}

function fieldsOf([value, { slice }]: [dom.Value, Sent]): [dom.Value, Sent][] {
  if (slice.type !== "struct" || slice.isNull) return [];
  return slice.fields().flatMap(([name, sent]): [dom.Value, Sent][] => {
    const field = name === undefined ? undefined : fieldOf(value, name);
    // Of several fields of one name, the last one is the value's, and the last one is kept.
    return field === undefined ? [] : [[field, { slice: sent }]];
  });
}
