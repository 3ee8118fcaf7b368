// SPDX-License-Identifier: MIT
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { DocumentLog } from "./document-log";

/** So few bytes that most documents of these tests go to the file, and one is larger than all of the memory. */
const MEMORY_BYTES = 64;

const documents = [10, 1, 0, 30, 100, 5, 60, 61, 59, 7].map((length, n) => new Uint8Array(length).fill(n));

describe("The documents of a dry run", () => {
  let folder: string;
  let log: DocumentLog;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "document-log-"));
    log = new DocumentLog(MEMORY_BYTES, folder);
  });
  afterEach(() => {
    log.close();
    rmSync(folder, { recursive: true });
  });

  it("are read again where they were added, in memory or in a file without a name", () => {
    const places: number[] = [];
    for (const document of documents) {
      places.push(log.add(document));
      // After each one, so that every document is read from memory, and from the file.
      expect(places.map((place) => new Uint8Array(log.read(place)))).toEqual(
        documents.slice(0, places.length),
      );
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  it("are refused where the temporary folder takes none, which the error names", () => {
    const elsewhere = new DocumentLog(MEMORY_BYTES, join(folder, "missing"));
    expect(() => elsewhere.add(new Uint8Array(100))).toThrow(/missing, found .*no such file.*TMPDIR/);
  });
});
