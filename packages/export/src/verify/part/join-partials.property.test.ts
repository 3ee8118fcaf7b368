// SPDX-License-Identifier: MIT
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { LedgerLoaderError } from "@ledger-loader/errors";
import { type Block, type Digest, MerkleTree, blockHashOf, encodeBlock } from "@ledger-loader/journal";
import { hashIonString } from "@ledger-loader/ion";
import { plainRuns } from "@ledger-loader/testkit";
import * as fc from "fast-check";
import {
  type JournalExport,
  type SuppliedProof,
  type VerifyPartOptions,
  joinPartials,
  openExport,
  parsePartial,
  verifyExport,
  verifyPart,
  writeExport,
} from "@ledger-loader/export";
import { type JournalPlan, STRAND, arbitraryPlan, buildJournal } from "../../../test/sample-journal";
import { withTemporaryFolder } from "../../../test/temporary-folder";

/** An export of several objects, as they lie in a folder, with what was done to them. */
interface Written {
  readonly folder: string;
  readonly manifestPath: string;
  readonly keys: readonly string[];
}

/** Something that happened to a data object or to the manifest's list. `n` chooses the object, `m` the place in it. */
type Damage = (written: Written, n: number, m: number) => Promise<void>;

const pathOf = ({ folder, keys }: Written, n: number): string => join(folder, keys[n % keys.length] ?? "");

async function rewriteKeys({ manifestPath }: Written, change: (keys: string[]) => string[]): Promise<void> {
  const keys = JSON.parse(/\[.*\]/s.exec(await readFile(manifestPath, "utf8"))?.[0] ?? "[]") as string[];
  await writeFile(manifestPath, `{keys:${JSON.stringify(change(keys))}}`);
}

const DAMAGES: Readonly<Record<string, Damage>> = {
  none: () => Promise.resolve(),
  flip: async (written, n, m) => {
    const content = await readFile(pathOf(written, n));
    const at = m % content.length;
    content[at] = content[at]! ^ (1 + (m % 255));
    await writeFile(pathOf(written, n), content);
  },
  "cut short": async (written, n, m) => {
    const content = await readFile(pathOf(written, n));
    await writeFile(pathOf(written, n), content.subarray(0, m % content.length));
  },
  missing: async (written, n) => rm(pathOf(written, n), { force: true }),
  empty: async (written, n) => writeFile(pathOf(written, n), ""),
  foreign: async (written, n) => writeFile(pathOf(written, n), "<html>no journal</html>"),
  exchanged: async (written, n, m) => {
    const [a, b] = [pathOf(written, n), pathOf(written, m)];
    if (a === b) return;
    await rename(a, `${a}.aside`);
    await rename(b, a);
    await rename(`${a}.aside`, b);
  },
  "without an object in the list": async (written, n) =>
    rewriteKeys(written, (keys) => keys.filter((_, at) => at !== n % keys.length)),
  "with an object twice": async (written, n) =>
    rewriteKeys(written, (keys) => keys.flatMap((key, at) => (at === n % keys.length ? [key, key] : [key]))),
  "with an object of another name": async (written, n) => {
    const key = written.keys[n % written.keys.length] ?? "";
    await rename(join(written.folder, key), join(written.folder, `${key}x`)).catch(() => undefined);
    await rewriteKeys(written, (keys) =>
      keys.map((each) => (each === key ? `renamed-${keys.indexOf(key)}` : each)),
    );
    await rename(
      join(written.folder, `${key}x`),
      join(written.folder, `renamed-${written.keys.indexOf(key)}`),
    ).catch(() => undefined);
  },
};

/** The damage before may have taken the file away. */
function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}

/** Blocks with a change that leaves each block sound by itself, from one block on. */
type Rewrite = (blocks: Block[], at: number) => Block[];

const REWRITES: Readonly<Record<string, Rewrite>> = {
  none: (blocks) => blocks,
  "another chain": (blocks, at) =>
    blocks.map((block, index) => {
      if (index !== at) return block;
      const previousBlockHash = hashIonString("another block");
      return { ...block, previousBlockHash, blockHash: blockHashOf(block.entriesHash, previousBlockHash) };
    }),
  "older than the block before": (blocks, at) =>
    blocks.map((block, index) =>
      index === at ? { ...block, blockTimestamp: "2019-01-01T00:00:00.000Z" } : block,
    ),
  "as QLDB's after a ledger of this project": (blocks, at) => {
    const [first] = blocks;
    if (first === undefined || at === 0) return blocks;
    const plan: JournalPlan = {
      first: first.blockAddress.sequenceNo + at,
      sealed: false,
      blocks: blocks.slice(at).map(() => [{ document: 3, kind: "data", text: "{n:1}" }]),
    };
    return [...blocks.slice(0, at), ...buildJournal(plan, blocks[at - 1]?.blockHash)];
  },
};

const damage = fc.record({
  kind: fc.constantFrom(...Object.keys(DAMAGES)),
  n: fc.nat(50),
  m: fc.nat(5000),
});
const tip = fc.record({ tip: fc.nat(8), isRight: fc.boolean() });

/** Half of them of documents alone: nothing in them is unchecked. */
const plan = fc.oneof(
  arbitraryPlan,
  fc
    .record({ first: fc.constantFrom(0, 5), sealed: fc.boolean(), length: fc.integer({ min: 1, max: 8 }) })
    .map(({ length, ...rest }): JournalPlan => ({
      ...rest,
      blocks: Array.from({ length }, (_, document) => [{ document, kind: "data", text: "{n:1}" }]),
    })),
);

interface Given {
  readonly plan: JournalPlan;
  readonly objectBytes: number;
  readonly rewrite: string;
  readonly damages: readonly { readonly kind: string; readonly n: number; readonly m: number }[];
  readonly at: number;
  readonly cuts: readonly number[];
  readonly tips: readonly { readonly tip: number; readonly isRight: boolean }[];
  readonly hasProof: boolean;
  readonly maxFindings: number | undefined;
}

const caseOf: fc.Arbitrary<Given> = fc.record({
  plan,
  objectBytes: fc.constantFrom(1, 1, 1500, 4000),
  rewrite: fc.constantFrom("none", "none", "none", ...Object.keys(REWRITES)),
  damages: fc.oneof(fc.constant([]), fc.array(damage, { maxLength: 2 })),
  at: fc.nat(50),
  cuts: fc.array(fc.nat(110), { maxLength: 5 }),
  tips: fc.oneof(fc.constant([]), fc.array(tip, { maxLength: 3 })),
  hasProof: fc.boolean(),
  maxFindings: fc.constantFrom(undefined, 1, 2),
});

/** One of each kind of damage, cut in the middle: among them, each verdict. */
const EXAMPLES: [Given][] = Object.keys(DAMAGES).map((kind) => [
  {
    plan: {
      first: 0,
      sealed: false,
      blocks: [1, 2, 3, 4].map((document) => [{ document, kind: "data", text: "{n:1}" }]),
    },
    objectBytes: 1,
    rewrite: "none",
    damages: [{ kind, n: 2, m: 1 }],
    at: 0,
    cuts: [2],
    tips: [],
    hasProof: false,
    maxFindings: undefined,
  },
]);

function digestsOf(
  blocks: readonly Block[],
  tips: readonly { readonly tip: number; readonly isRight: boolean }[],
): Digest[] {
  return tips.map(({ tip, isRight }) => {
    const tree = new MerkleTree();
    for (const { blockHash } of blocks.slice(0, tip + 1)) tree.append(blockHash);
    const hash = isRight ? tree.root() : hashIonString("another digest");
    return { hash, tipAddress: { strandId: STRAND, sequenceNo: tip } };
  });
}

function proofOf(blocks: readonly Block[], at: number): SuppliedProof[] {
  const tree = new MerkleTree();
  for (const { blockHash } of blocks) tree.append(blockHash);
  const { blockAddress } = blocks[at % blocks.length]!;
  const tipAddress = { strandId: STRAND, sequenceNo: blocks.length - 1 };
  return [{ blockAddress, proof: tree.proof(at % blocks.length), digest: { hash: tree.root(), tipAddress } }];
}

/** The ranges between the cuts, from 0 to the end. */
function rangesOf(cuts: readonly number[]): { first: number; last: number }[] {
  const begins = [...new Set([0, ...cuts])].sort((a, b) => a - b);
  return begins.map((first, index) => ({ first, last: (begins[index + 1] ?? Number.MAX_SAFE_INTEGER) - 1 }));
}

async function joined(
  source: JournalExport,
  ranges: readonly { readonly first: number; readonly last: number }[],
  options: VerifyPartOptions,
): Promise<unknown> {
  const partials = [];
  for (const [index, range] of ranges.entries()) {
    const json = JSON.stringify(await verifyPart(source, range, options));
    // In another order than the journal's, and through files.
    partials.unshift({ place: `part${index}.json`, partial: parsePartial(json, `part${index}.json`) });
  }
  return joinPartials(partials);
}

/** The report as its JSON is, but for the time. */
function comparable(report: unknown): string {
  return JSON.stringify({ ...(report as object), checkedAt: undefined });
}

describe("the partial verifications of an export", () => {
  it("joined give the report of one pass, for every way to cut, sound or damaged", async () => {
    const verdicts = new Set<string>();
    await fc.assert(
      fc.asyncProperty(caseOf, async (given) =>
        withTemporaryFolder(async (folder) => {
          const original = buildJournal(given.plan);
          const blocks = REWRITES[given.rewrite]!(original, given.at % original.length);
          const { manifestPath, keys } = await writeExport({
            folder,
            ledgerName: "vehicles",
            strandId: STRAND,
            format: "ion-text",
            blocks: blocks.map((block) => encodeBlock(block)),
            maxObjectBytes: given.objectBytes,
          });
          for (const { kind, n, m } of given.damages) {
            await DAMAGES[kind]!({ folder, manifestPath, keys }, n, m).catch(ignoreMissing);
          }
          const source = await openExport([manifestPath]).catch((error: unknown) => {
            if (error instanceof LedgerLoaderError) return undefined;
            throw error;
          });
          fc.pre(source !== undefined);
          const { maxFindings } = given;
          const options: VerifyPartOptions = {
            digests: digestsOf(original, given.tips),
            proofs: given.hasProof ? proofOf(original, given.at) : [],
            ...(maxFindings === undefined ? {} : { maxFindings }),
          };
          const whole = await verifyExport(source, options);
          verdicts.add(whole.verdict);
          const ranges = rangesOf(given.cuts);
          expect(comparable(await joined(source, ranges, options))).toBe(comparable(whole));
          // One part for each data object.
          const each = rangesOf(source.objects.flatMap(({ name }) => name?.first ?? []));
          expect(comparable(await joined(source, each, options))).toBe(comparable(whole));
        }),
      ),
      { numRuns: plainRuns(100), examples: EXAMPLES },
    );
    expect([...verdicts].sort()).toEqual(["failed", "incomplete", "not-comparable", "passed"]);
  });
});
