// SPDX-License-Identifier: MIT
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "@jest/globals";
import { IonSlice } from "../binary/ion-slice";
import { IonTextStream } from "../text/ion-text-stream";
import { readSingleValue } from "../binary/ion-stream";
import type { FieldHashes } from "./field-hashes";
import type { HashBuffer } from "./hash-buffer";
import { IonHasher } from "./ion-hasher";
import type { Steps } from "../steps";

// The conformance suite of Ion Hash, as ion-hash-js ships it (Apache-2.0). Most cases expect the serialized form
// itself, by way of a hash function that changes nothing; some expect MD5.
const SUITE = join(dirname(require.resolve("ion-hash-js")), "../../../ion-hash-test/ion_hash_tests.ion");

/** Hashes of any function and any length. */
class AnyHashes implements FieldHashes {
  readonly #digest: (bytes: Uint8Array) => Buffer;
  readonly #hashes: Buffer[] = [];

  constructor(digest: (bytes: Uint8Array) => Buffer) {
    this.#digest = digest;
  }

  get count(): number {
    return this.#hashes.length;
  }

  set count(count: number) {
    this.#hashes.length = count;
  }

  add(buffer: HashBuffer, start: number): void {
    this.#hashes.push(this.#digest(buffer.view(start)));
  }

  sortInto(buffer: HashBuffer, first: number): void {
    const sorted = this.#hashes.splice(first).sort((a, b) => a.compare(b));
    for (const hash of sorted) buffer.bytes(hash, 0, hash.length);
  }

  *sortInSteps(buffer: HashBuffer, first: number): Steps<void> {
    yield;
    this.sortInto(buffer, first);
  }

  hashOf(buffer: HashBuffer): Buffer {
    return this.#digest(buffer.view(0));
  }
}

const HASHERS: Readonly<Record<string, IonHasher>> = {
  identity: new IonHasher(new AnyHashes((bytes) => Buffer.from(bytes))),
  md5: new IonHasher(new AnyHashes((bytes) => createHash("md5").update(bytes).digest())),
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
  expect(Buffer.from(HASHERS[algorithm]!.hash(value)).toString("hex")).toBe(expected);
});
