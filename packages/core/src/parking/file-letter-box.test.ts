// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import {
  DeadLettersMissingError,
  DeadLettersNoFileError,
  FileDeadLetterSink,
  FileLetterBox,
} from "@ledger-loader/core";
import { execFileSync } from "node:child_process";
import { appendFile, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { aLetter } from "../../test/letters";

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "letter-box-"));
  path = join(folder, "letters.jsonl");
});
afterEach(() => rm(folder, { recursive: true }));

const park = (...ids: readonly string[]): Promise<void> =>
  new FileDeadLetterSink(path).park(ids.map((deliveryId) => aLetter({ deliveryId })));

/** The ids of the letters in the file, or what stands there instead. */
async function idsIn(): Promise<readonly string[]> {
  const { letters } = await new FileLetterBox(path).take(true);
  return letters.map(({ letter, problem }) => letter?.deliveryId ?? problem ?? "");
}

describe("FileLetterBox", () => {
  it("removes what is done with, keeps the rest with what is known now, and leaves no other file", async () => {
    await park("1", "2", "3");
    const box = new FileLetterBox(path);
    const { letters, complete } = await box.take(false);
    expect(complete).toBe(true);
    const [first, second] = letters;
    await box.settle([{ taken: first! }, { taken: second!, keep: { ...second!.letter!, detail: "new" } }]);
    const { letters: rest } = await new FileLetterBox(path).take(true);
    expect(rest.map(({ letter }) => [letter?.deliveryId, letter?.detail === "new"])).toEqual([
      ["2", true],
      ["3", false],
    ]);
    expect(await readdir(folder)).toEqual(["letters.jsonl"]);
  });

  it("only looks where it is told to", async () => {
    await park("1", "2");
    const before = await readFile(path);
    expect(await idsIn()).toEqual(["1", "2"]);
    expect(await readFile(path)).toEqual(before);
  });

  it("does not lose what is parked meanwhile", async () => {
    await park("1", "2");
    const box = new FileLetterBox(path);
    const { letters } = await box.take(false);
    await park("3");
    await box.settle(letters.slice(0, 1).map((taken) => ({ taken })));
    expect([...(await idsIn())].toSorted()).toEqual(["2", "3"]);
  });

  it("takes what a crash left behind, once", async () => {
    await park("1", "2");
    await new FileLetterBox(path).take(false);
    await park("3");
    expect(await idsIn()).toEqual(["1", "2", "3"]);
    // A crash after the letters were put back and before the others were removed.
    await park("1");
    const box = new FileLetterBox(path);
    const { letters } = await box.take(false);
    expect(letters.map(({ letter }) => letter?.deliveryId)).toEqual(["1", "2", "3"]);
    await box.settle([]);
    expect(await idsIn()).toEqual(["1", "2", "3"]);
  });

  it("keeps what is no letter as it is, and says so", async () => {
    await park("1");
    await appendFile(path, "cut off\n");
    const box = new FileLetterBox(path);
    const { letters } = await box.take(false);
    expect(letters.map(({ problem }) => problem !== undefined)).toEqual([false, true]);
    await box.settle(letters.filter(({ letter }) => letter !== undefined).map((taken) => ({ taken })));
    expect(await readFile(path, "utf8")).toBe("cut off\n");
  });

  it("leaves an empty file when all is done with, which is not the same as none", async () => {
    await expect(new FileLetterBox(path).take(true)).rejects.toThrow(DeadLettersMissingError);
    await expect(new FileLetterBox(path).take(false)).rejects.toThrow(DeadLettersMissingError);
    await park("1");
    const box = new FileLetterBox(path);
    const { letters } = await box.take(false);
    await box.settle(letters.map((taken) => ({ taken })));
    expect(await idsIn()).toEqual([]);
  });

  it.each(["pipe", "folder"])("refuses what is no file, and leaves it where it is: a %s", async (kind) => {
    const place = join(folder, kind);
    // Never a device: what this test looks for would take it away from the machine.
    execFileSync(kind === "pipe" ? "mkfifo" : "mkdir", [place]);
    for (const readOnly of [true, false]) {
      await expect(new FileLetterBox(place).take(readOnly)).rejects.toThrow(DeadLettersNoFileError);
    }
    expect(await readdir(folder)).toEqual([kind]);
  });
});
