// SPDX-License-Identifier: MIT
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { redactRevision } from "../test/redact-revision";
import { runWords, serve, type ServedLedgers } from "../test/run-words";

/** The answer of GetDigest, as `ledger digest --json` prints it. */
interface PrintedDigest {
  readonly Digest: string;
  readonly DigestTipAddress: { readonly IonText: string };
}

let folder: string;
let server: ServedLedgers;
/** A copy of the server's ledgers, which no server has open. */
let copy: string;
/** Digests of the ledger `cars`, after two blocks and after all three. */
let early: PrintedDigest;
let late: PrintedDigest;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "ledger-verdicts-"));
  copy = join(folder, "copy");
  const data = join(folder, "data");
  const first = await serve(data);
  const ask = async (...words: string[]): Promise<Record<string, unknown>> =>
    (await runWords([...words, "--json"], { env: first.env })).json();
  const query = (name: string, statement: string) => ask("ledger", "query", name, statement);
  const digest = async () => (await ask("ledger", "digest", "cars")) as unknown as PrintedDigest;
  for (const name of ["cars", "redacted"]) {
    await ask("ledger", "create", name);
    await query(name, "CREATE TABLE Car");
    await query(name, "INSERT INTO Car VALUE {'vin': 'A1', 'owner': 'Ann'}");
  }
  early = await digest();
  await query("cars", "INSERT INTO Car VALUE {'vin': 'B1'}");
  late = await digest();
  await query("redacted", "UPDATE Car SET owner = 'Bea'");
  await redactRevision(first.env, "redacted", { table: "Car", version: 0 });
  await first.stop();
  cpSync(data, copy, { recursive: true });
  server = await serve(data);
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const withTip = ({ Digest, DigestTipAddress }: PrintedDigest, from: RegExp, to: string): PrintedDigest => ({
  Digest,
  DigestTipAddress: { IonText: DigestTipAddress.IonText.replace(from, to) },
});

/** The subject, its digest, the verdict, and the text that people read. */
type Row = readonly [
  what: string,
  name: string,
  digest: () => PrintedDigest | undefined,
  verdict: string,
  exitCode: number,
  says: RegExp,
];

const EVERYWHERE: readonly Row[] = [
  [
    "no digest",
    "cars",
    () => undefined,
    "passed",
    0,
    /^passed, consistent: .*next: keep ledger-loader ledger digest cars --json somewhere else/,
  ],
  ["its digest", "cars", () => late, "passed", 0, /^passed, anchored: .*they cover all blocks, 0 to 2/],
  [
    "an older digest",
    "cars",
    () => early,
    "passed",
    0,
    /^passed, anchored: .*they cover blocks 0 to 1 of 0 to 2/,
  ],
  [
    "another digest of this strand",
    "cars",
    () => ({ ...late, Digest: early.Digest }),
    "failed",
    1,
    /^failed: .*next: the ledger is consistent in itself; check that the digest comes from a source/,
  ],
  [
    "a digest of another strand",
    "cars",
    () => withTip(late, /\w{22}/, "A".repeat(22)),
    "not-comparable",
    2,
    /^not-comparable: .*strand +\w{22} .*next: supply a digest of this ledger: the strand above/,
  ],
  [
    "a redacted revision",
    "redacted",
    () => undefined,
    "incomplete",
    3,
    /^incomplete: .*1 redacted.*next: nothing is to be mended/,
  ],
];

const NEWER = (): PrintedDigest => withTip(late, /sequenceNo: ?2/, "sequenceNo:7");
const END = String.raw`which ends with block 2 of \d{4}-\d\d-\d\dT\S+Z`;

describe.each([
  ["of a server", () => [], new RegExp(`find out why the digest is newer than this ledger, ${END}`)],
  [
    "in a folder",
    () => ["--data", copy],
    new RegExp(`copy NAME\\.ledger-wal together .* newer than this file, ${END}`),
  ],
] as const)("ledger verify of a ledger %s", (_where, options, newer) => {
  it.each<Row>([...EVERYWHERE, ["a digest newer than the journal", "cars", NEWER, "incomplete", 3, newer]])(
    "with %s",
    async (_what, name, digest, verdict, exitCode, says) => {
      const words = ["ledger", "verify", name, ...options()];
      const supplied = digest();
      if (supplied !== undefined) {
        const file = join(folder, "digest.json");
        writeFileSync(file, JSON.stringify(supplied));
        words.push("--digest", file);
      }
      const { env } = server;
      const text = await runWords(words, { env });
      expect([text.exitCode, text.stdout.replace(/\s+/g, " ")]).toEqual([
        exitCode,
        expect.stringMatching(says),
      ]);
      const json = await runWords([...words, "--json"], { env });
      expect([json.exitCode, json.json()]).toMatchObject([exitCode, { verdict, holds: exitCode === 0 }]);
    },
  );
});
