// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import {
  decodeIon,
  decodeIonValues,
  encodeIon,
  encodeNode,
  equalIon,
  type IonNode,
  readSingleValue,
  toIonText,
} from "@ledger-loader/ion";
import { arbitraryIon, arbitraryStruct } from "@ledger-loader/testkit";
import fc from "fast-check";
import type { dom } from "ion-js";
import { PartiqlEvaluationError } from "../errors";
import type { PathKey } from "../value/node";
import { applyChanges, type DocumentChange } from "./apply-changes";

const error = (message: string) => new PartiqlEvaluationError(message, "UPDATE", 0);
const keys: fc.Arbitrary<PathKey> = fc.constantFrom("a", "b", "op", "7", "", 0, 1, 2);
const paths = fc.array(keys, { maxLength: 3 });

const changes: fc.Arbitrary<DocumentChange> = fc.oneof(
  fc.record({
    kind: fc.constant("set" as const),
    path: paths,
    value: arbitraryIon,
    error: fc.constant(error),
  }),
  fc.record({ kind: fc.constant("remove" as const), path: paths, error: fc.constant(error) }),
  fc.record({
    kind: fc.constant("insert" as const),
    path: paths,
    value: arbitraryIon,
    key: fc.option(keys, { nil: undefined }),
    error: fc.constant(error),
  }),
);

const aStruct = decodeIonValues("{a: [1, x::{b: 2}], a: null.struct, '7': \"text\"}")[0] as dom.Struct;

/** The changed document as Ion, "deleted", or the message of what does not fit. */
function outcomeOf(content: IonNode, list: readonly DocumentChange[]): Uint8Array | string {
  try {
    const result = applyChanges(() => content, list);
    return result === "deleted" ? result : encodeNode(result);
  } catch (thrown) {
    if (thrown instanceof PartiqlEvaluationError) return thrown.message;
    throw thrown;
  }
}

describe("changes of a document in bytes", () => {
  it("are those of the same document decoded", () => {
    let changed = 0;
    fc.assert(
      fc.property(arbitraryStruct, fc.array(changes, { minLength: 1, maxLength: 3 }), (document, list) => {
        const bytes = encodeIon(document);
        const inBytes = outcomeOf(readSingleValue(bytes), list);
        const decoded = outcomeOf(decodeIon(bytes), list);
        if (typeof inBytes === "string" || typeof decoded === "string") {
          expect(inBytes).toBe(decoded);
          return;
        }
        changed += 1;
        const [left, right] = [decodeIon(inBytes), decodeIon(decoded)];
        if (!equalIon(left, right)) expect(toIonText(left)).toBe(toIonText(right));
      }),
      { examples: [[aStruct, [{ kind: "set", path: ["a"], value: aStruct, error }]]] },
    );
    expect(changed).toBeGreaterThan(0);
  });
});
