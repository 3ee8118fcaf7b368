// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { planProofReads } from "./proof-plan";

const refs = fc.array(
  fc.record({
    documentId: fc.integer({ min: 0, max: 30 }).map(String),
    version: fc.integer({ min: 0, max: 200 }),
  }),
  { maxLength: 200 },
);

describe("planProofReads", () => {
  it("reads every revision that is wanted, and no document twice", () => {
    fc.assert(
      fc.property(refs, (wanted) => {
        const reads = planProofReads(wanted);
        for (const { documentId, version } of wanted) {
          const covering = reads.filter(({ documentIds }) => documentIds.includes(documentId));
          expect(covering).toHaveLength(1);
          expect(covering[0]?.versions).toContain(version);
        }
      }),
    );
  });

  it("asks for little more than what is wanted", () => {
    fc.assert(
      fc.property(refs, (wanted) => {
        for (const { documentIds, versions } of planProofReads(wanted)) {
          const own = new Set(
            wanted
              .filter(({ documentId }) => documentIds.includes(documentId))
              .map(({ documentId, version }) => `${documentId} ${version}`),
          );
          expect(documentIds.length * versions.length).toBeLessThanOrEqual(Math.max(64, 3 * own.size));
        }
      }),
    );
  });

  it("reads the same version of many documents at once", () => {
    const wanted = Array.from({ length: 100 }, (_, i) => ({ documentId: String(i), version: 7 }));
    expect(planProofReads(wanted)).toHaveLength(1);
  });
});
