// SPDX-License-Identifier: MIT
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import {
  type JournalExport,
  type NamedPartial,
  PartialError,
  type VerifyPartOptions,
  joinPartials,
  openExport,
  parsePartial,
  verifyPart,
} from "@ledger-loader/export";
import { STRAND, buildJournal, digestOf } from "../../../test/sample-journal";
import { writeJournal } from "../../../test/written-journal";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "partials-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** An export of ten blocks, each in an object of its own. */
async function open(name: string): Promise<JournalExport> {
  const blocks = buildJournal({
    first: 0,
    sealed: false,
    blocks: Array.from({ length: 10 }, (_, document) => [{ document, kind: "data", text: "{n:1}" }]),
  });
  const { manifestPath } = await writeJournal(join(folder, name), blocks, { maxObjectBytes: 1 });
  return openExport([manifestPath]);
}

async function part(
  source: JournalExport,
  first: number,
  last: number,
  options: VerifyPartOptions = {},
): Promise<NamedPartial> {
  const place = `${first}-${last}.json`;
  const json = JSON.stringify(await verifyPart(source, { first, last }, options));
  return { place, partial: parsePartial(json, place) };
}

describe("joining partial verifications", () => {
  it("says which blocks are missing, and how to verify them", async () => {
    const source = await open("a");
    const [begin, middle, end] = [
      await part(source, 0, 3),
      await part(source, 4, 6),
      await part(source, 7, 9),
    ];
    expect(() => joinPartials([begin, end])).toThrow(
      "found none of data objects 5 to 7. Verify the missing part with --blocks 4-6 --partial FILE",
    );
    expect(() => joinPartials([end, middle])).toThrow(
      "data objects 1 to 4. Verify the missing part with --blocks 0-3",
    );
    expect(() => joinPartials([middle, begin])).toThrow(
      "data objects 8 to 10. Verify the missing part with --blocks 7- ",
    );
    expect(() => joinPartials([])).toThrow(PartialError);
    expect(joinPartials([end, begin, middle]).verdict).toBe("passed");
  });

  it("names two that overlap", async () => {
    const source = await open("a");
    const parts = [await part(source, 0, 5), await part(source, 5, Number.MAX_SAFE_INTEGER)];
    expect(() => joinPartials(parts)).toThrow(
      /found 0-5\.json \(blocks 0 to 5\) and 5-\d+\.json \(blocks 5 to the end\)/,
    );
  });

  it("names two of different exports, or verified against different digests", async () => {
    const [a, b] = [await open("a"), await open("b")];
    const first = await part(a, 0, 4);
    const foreign = await part(b, 5, 9);
    expect(() => joinPartials([first, foreign])).toThrow(
      "of the same export, found others in 0-4.json and 5-9.json",
    );
    const digest = { hash: digestOf([]), tipAddress: { strandId: STRAND, sequenceNo: 3 } };
    const anchored = await part(a, 5, 9, { digests: [{ ...digest, hash: new Uint8Array(32) }] });
    expect(() => joinPartials([first, anchored])).toThrow(
      "Verify each part with the same --digest and --proof.",
    );
  });

  it("refuses a file that is none, or was changed, and says where", async () => {
    const { partial } = await part(await open("a"), 0, 3);
    expect(() => parsePartial("no JSON", "p.json")).toThrow(/p\.json, found no JSON/);
    const broken = JSON.stringify({ ...partial, part: { ...partial.part, blocks: -1 } });
    expect(() => parsePartial(broken, "p.json")).toThrow("expected part.blocks to be an integer from 0 on");
    const newer = JSON.stringify({ ...partial, version: 2 });
    expect(() => parsePartial(newer, "p.json")).toThrow("expected version to be 1");
  });

  it("takes parts of blocks that lie within one object", async () => {
    const blocks = buildJournal({ first: 0, sealed: true, blocks: [[], [], [], []] });
    const { manifestPath } = await writeJournal(join(folder, "c"), blocks);
    const source = await openExport([manifestPath]);
    const parts = [await part(source, 0, 1), await part(source, 2, 2), await part(source, 3, 9)];
    expect(parts.map(({ partial }) => partial.part.blocks)).toEqual([4, 0, 0]);
    expect(joinPartials(parts).blocks).toBe(4);
  });
});
