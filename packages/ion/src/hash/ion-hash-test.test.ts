// SPDX-License-Identifier: MIT
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "@jest/globals";
import { IonSlice } from "../binary/ion-slice";
import { IonTextStream } from "../text/ion-text-stream";
import { readSingleValue } from "../binary/ion-stream";
import { IonHasher } from "./ion-hasher";

// The conformance suite of Ion Hash, as ion-hash-js ships it (Apache-2.0). Most cases expect the serialized form
// itself, by way of a hash function that changes nothing; some expect MD5.
const SUITE = join(dirname(require.resolve("ion-hash-js")), "../../../ion-hash-test/ion_hash_tests.ion");

const HASHERS: Readonly<Record<string, IonHasher>> = {
  identity: new IonHasher((bytes) => Buffer.from(bytes).toString("latin1")),
  md5: new IonHasher((bytes) => createHash("md5").update(bytes).digest("binary")),
};

interface Case {
  readonly name: string;
  readonly algorithm: string;
  readonly value: IonSlice;
  readonly expected: string;
}

function cases(): Case[] {
  return [...new IonTextStream(readFileSync(SUITE, "utf8"))].flatMap((binary, index) => {
    const test = readSingleValue(binary);
    const binaryInput = test.field("10n");
    const value =
      binaryInput === undefined
        ? test.field("ion")!
        : readSingleValue(Uint8Array.from([0xe0, 1, 0, 0xea, ...bytesOf(binaryInput)]));
    return test
      .field("expect")!
      .fields()
      .flatMap(([algorithm, steps]) => {
        const digests = steps.elements().filter((step) => step.annotations()[0]?.endsWith("digest"));
        if (digests.length === 0) return [];
        const name = `${index}: ${test.annotations()[0] ?? value.type}, ${algorithm ?? ""}`;
        return [{ name, algorithm: algorithm ?? "", value, expected: hex(bytesOf(digests.at(-1)!)) }];
      });
  });
}

const bytesOf = (sexp: IonSlice): number[] => sexp.elements().map((byte) => byte.intValue());
const hex = (bytes: readonly number[]): string => Buffer.from(bytes).toString("hex");

const all = cases();

it("finds the suite's cases", () => {
  expect(all.length).toBeGreaterThan(150);
});

it.each(all)("hashes as the conformance suite says: $name", ({ algorithm, value, expected }) => {
  expect(Buffer.from(HASHERS[algorithm]!.hash(value), "latin1").toString("hex")).toBe(expected);
});
