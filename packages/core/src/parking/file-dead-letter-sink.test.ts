// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { FileDeadLetterSink, decodeDeadLetter } from "@ledger-loader/core";
import { appendFile, mkdtemp, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { aLetter } from "../../test/letters";

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dead-letters-"));
  path = join(folder, "letters.jsonl");
});
afterEach(() => rm(folder, { recursive: true }));

const lines = async (): Promise<string[]> => (await readFile(path, "utf8")).split("\n").slice(0, -1);

describe("FileDeadLetterSink", () => {
  it("appends one line per letter, for the eyes of its owner only", async () => {
    const sink = new FileDeadLetterSink(path);
    await sink.park([]);
    const letters = ["1", "2", "3"].map((deliveryId) => aLetter({ deliveryId, body: "line\nbreak" }));
    await sink.park(letters.slice(0, 2));
    await sink.park(letters.slice(2));
    expect((await lines()).map(decodeDeadLetter)).toEqual(letters);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it("begins a line of its own after one that a crash cut off", async () => {
    const sink = new FileDeadLetterSink(path);
    await appendFile(path, `{"format":"ledger-lo`);
    await sink.park([aLetter()]);
    const [cut, whole = ""] = await lines();
    expect(cut).toBe(`{"format":"ledger-lo`);
    expect(decodeDeadLetter(whole)).toEqual(aLetter());
  });

  it("does not mix the lines of sinks that park at once", async () => {
    const letters = Array.from({ length: 20 }, (_, i) =>
      aLetter({ deliveryId: String(i), body: "x".repeat(10_000) }),
    );
    await Promise.all(letters.map((letter) => new FileDeadLetterSink(path).park([letter])));
    const found = (await lines()).map((line) => decodeDeadLetter(line).deliveryId);
    expect(found.toSorted()).toEqual(letters.map(({ deliveryId }) => deliveryId).toSorted());
  });

  it("takes over the lock that a process left behind when it died", async () => {
    await writeFile(`${path}.lock`, "");
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(`${path}.lock`, longAgo, longAgo);
    await new FileDeadLetterSink(path).park([aLetter()]);
    expect(await lines()).toHaveLength(1);
  });

  it("fails where it cannot write, so that the deliveries stay failed", async () => {
    const sink = new FileDeadLetterSink(join(folder, "no", "such", "folder.jsonl"));
    await expect(sink.park([aLetter()])).rejects.toThrow("ENOENT");
  });
});
