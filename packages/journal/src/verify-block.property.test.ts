// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import {
  type Block,
  MerkleTree,
  UNCOVERED_FIELDS,
  decodeBlock,
  encodeBlock,
  revisionProof,
  uncoveredFields,
  verifyBlock,
  verifyProof,
} from "@ledger-loader/journal";
import { decodeIon, encodeIon } from "@ledger-loader/ion";
import * as fc from "fast-check";
import { Decimal, dom, IonTypes, Timestamp } from "ion-js";
import { aJournal } from "../test/journal";
import type { BlockSpec } from "../test/journal";

const arbitrarySpec: fc.Arbitrary<BlockSpec> = fc
  .record({
    documents: fc.array(fc.constantFrom("insert", "insert", "delete", "redacted", "hash-only"), {
      maxLength: 6,
    }),
    withoutTransactionInfo: fc.boolean(),
  })
  .map((spec) => spec as BlockSpec);

const arbitraryJournal = fc.array(arbitrarySpec, { minLength: 1, maxLength: 6 }).map(aJournal);

describe("a journal of our own", () => {
  it("verifies block by block, sealed entries included, and survives encoding", () => {
    fc.assert(
      fc.property(arbitraryJournal, (blocks) => {
        let previous: Block | undefined;
        for (const built of blocks) {
          const { block, findings } = verifyBlock(encodeBlock(built), { previous, sealed: true });
          expect(findings).toEqual([]);
          expect(encodeBlock(block!)).toEqual(encodeBlock(built));
          previous = block;
        }
      }),
      { numRuns: 50 },
    );
  });

  it("proves every revision against every later digest", () => {
    fc.assert(
      fc.property(arbitraryJournal, (blocks) => {
        const tree = new MerkleTree();
        for (const { blockHash } of blocks) tree.append(blockHash);
        for (const block of blocks) {
          const { sequenceNo } = block.blockAddress;
          for (const [index, { hash }] of (block.revisions ?? []).entries()) {
            const proof = revisionProof(block, index, tree.proof(sequenceNo));
            expect(verifyProof(hash, proof, tree.root())).toBe(true);
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it("lets no value be changed unnoticed but the fields listed as uncovered, and none when sealed", () => {
    fc.assert(
      fc.property(arbitraryJournal, fc.nat(), fc.nat(), (blocks, anyBlock, anyPlace) => {
        const index = anyBlock % blocks.length;
        const original = encodeBlock(blocks[index]!);
        const places = scalarPaths(decodeIon(original));
        const path = places[anyPlace % places.length]!;
        const changed = encodeIon(changeAt(decodeIon(original), path));
        expect(changed).not.toEqual(original);
        const noticed = (sealed: boolean): boolean =>
          blocks.some((block, at) => {
            const { findings } = verifyBlock(at === index ? changed : block, {
              previous: at === 0 ? undefined : at - 1 === index ? decodeBlock(changed) : blocks[at - 1],
              sealed,
            });
            return findings.some(({ severity }) => severity !== "warning");
          });
        expect({ path, noticed: noticed(true) }).toEqual({ path, noticed: true });
        const uncovered = uncoveredFields(blocks[index]!, { hasNeighbour: blocks.length > 1 });
        if (!noticed(false)) expect(uncovered).toContain(path.join("."));
      }),
      { numRuns: 600 },
    );
  });

  it("leaves uncovered, unless sealed, what the list names and nothing less", () => {
    // Blocks without revisions and without neighbours: nothing repeats their fields.
    const [first, second] = aJournal([{ documents: [] }, { documents: [] }]) as [Block, Block];
    const named = new Set<string>();
    for (const block of [first, second]) {
      for (const name of uncoveredFields(block, { hasNeighbour: false })) {
        named.add(name);
        // Block 0 alone may say in three ways that there is none before it: changed into block 1 it is seen through.
        if (block === first && name === "blockAddress.sequenceNo") continue;
        const changed = encodeIon(
          changeAt(decodeIon(encodeBlock(block)), name.split("."), new Uint8Array(32)),
        );
        expect({ name, findings: verifyBlock(changed).findings }).toEqual({ name, findings: [] });
        expect(verifyBlock(changed, { sealed: true }).findings).not.toEqual([]);
      }
    }
    const all = UNCOVERED_FIELDS.map(({ field }) => field);
    expect(all).toEqual(expect.arrayContaining([...named]));
    // Only streams have the one that remains.
    expect(all.filter((field) => !named.has(field))).toEqual(["revisionSummaries[].documentId"]);
  });
});

type Path = readonly (string | number)[];

/** The paths of all scalars of a value. */
function scalarPaths(value: dom.Value, path: Path = []): Path[] {
  const type = value.getType();
  if (value.isNull() || !type.isContainer) return [path];
  if (type === IonTypes.STRUCT) {
    return value.fields().flatMap(([name, field]) => scalarPaths(field, [...path, name]));
  }
  return value.elements().flatMap((element, index) => scalarPaths(element, [...path, index]));
}

/** A copy of `value` with the scalar at `path` replaced by another of the same type. */
function changeAt(value: dom.Value, path: Path, blob?: Uint8Array): dom.Value {
  const [step, ...rest] = path;
  if (step === undefined)
    return blob && value.getType() === IonTypes.BLOB ? new dom.Blob(blob) : another(value);
  if (typeof step === "number") {
    return new dom.List(
      value.elements().map((element, i) => (i === step ? changeAt(element, rest, blob) : element)),
    );
  }
  return new dom.Struct(
    value
      .fields()
      .map(([name, field]): [string, dom.Value] => [
        name,
        name === step ? changeAt(field, rest, blob) : field,
      ]),
  );
}

function another(value: dom.Value): dom.Value {
  switch (value.getType()) {
    case IonTypes.STRING:
      return new dom.String(`${value.stringValue()!}x`);
    case IonTypes.INT:
      return new dom.Integer(value.numberValue()! + 1);
    case IonTypes.FLOAT:
      return new dom.Float(value.numberValue()! + 1);
    case IonTypes.DECIMAL:
      return new dom.Decimal(new Decimal(1, 5));
    case IonTypes.TIMESTAMP:
      return new dom.Timestamp(Timestamp.parse("2030-01-01T00:00:00.000Z")!);
    case IonTypes.BLOB: {
      const bytes = Uint8Array.from(value.uInt8ArrayValue()!);
      if (bytes.length === 0) return new dom.Blob(new Uint8Array(32).fill(1));
      bytes[0]! ^= 1;
      return new dom.Blob(bytes);
    }
    default:
      throw new Error(`no other ${value.getType().name}`);
  }
}
