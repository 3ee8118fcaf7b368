// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { decodeIon, encodeNode, hashIon, IonDraft, IonSlice, transcodeToBinary } from "@ledger-loader/ion";
import { fieldOf } from "@ledger-loader/partiql";
import type { StoredRevision } from "../storage/storage";
import { CommittedRevision } from "./catalog-revision";

/** The text of `broken` is not UTF-8: whoever decodes it throws. */
function aRevision(): { readonly revision: CommittedRevision; readonly data: Uint8Array } {
  const data = transcodeToBinary(`{a: [1, {b: "found"}], broken: "@@", c: 1}`);
  const hash = hashIon(data);
  data[Buffer.from(data).indexOf("@@")] = 0xff;
  const stored: StoredRevision = {
    tableNo: 1,
    documentId: "3Qv67yjXEwB9SjmvkuG6Cp",
    version: 0,
    sequenceNo: 1,
    transactionId: "9RWohCo7My4GGkxRETAJ6M",
    transactionTime: 0,
    hash,
    data,
    dataHash: undefined,
  };
  return { revision: new CommittedRevision(stored, "KmA3ZZca7vAIiJAK9S5Iwl"), data };
}

describe("a committed revision", () => {
  it("decodes only what a path leads to", () => {
    const { revision } = aRevision();
    expect(revision.at(["a", 1, "b"])?.stringValue()).toBe("found");
    expect(revision.at(["a", 7])).toBeUndefined();
    expect(revision.at(["a", "b"])).toBeUndefined();
    expect(() => revision.data()).toThrow("UTF-8");
  });

  it("gives its content as bytes, of which a change copies the other fields", () => {
    const content = aRevision().revision.content();
    if (!(content instanceof IonSlice)) throw new Error("Expected bytes.");
    const fields = content.fields().filter(([name]) => name !== "a");
    const changed = encodeNode(
      new IonDraft(content.code as 13, [...fields, ["d", decodeIon(transcodeToBinary("2"))]]),
    );
    expect(Buffer.from(changed).includes(Buffer.from([0x82, 0xff, 0x40]))).toBe(true);
    expect(
      fieldOf(
        decodeIon(
          encodeNode(
            new IonDraft(
              13,
              fields.filter(([name]) => name === "c"),
            ),
          ),
        ),
        "c",
      )?.numberValue(),
    ).toBe(1);
  });
});
