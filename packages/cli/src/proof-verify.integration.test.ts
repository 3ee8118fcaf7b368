// SPDX-License-Identifier: MIT
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { GetBlockCommand, GetDigestCommand, GetRevisionCommand, QLDBClient } from "@aws-sdk/client-qldb";
import { runWords, serve, type CliResult } from "../test/run-words";

const vectors = join(__dirname, "../../journal/test/fixtures/vectors");
const vector = (name: string): string => join(vectors, name);
const read = (name: string): string => readFileSync(vector(name), "utf8").trim();

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "proof-verify-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function write(name: string, content: string | object): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

async function verify(...words: string[]): Promise<{ readonly text: CliResult; readonly json: CliResult }> {
  const command = ["proof", "verify", ...words];
  return { text: await runWords(command), json: await runWords([...command, "--json"]) };
}

const ion = (IonText: string) => ({ IonText });
const block = read("aws-cli/block.ion");
const proof = read("aws-cli/block-proof.ion");
const digest = JSON.parse(read("aws-cli/digest.json")) as Record<string, unknown>;

describe("proof verify", () => {
  it("verifies an answer of Amazon QLDB, and says what it covers and what not", async () => {
    const answer = write("block.json", { Block: ion(block), Proof: ion(proof) });
    const { text, json } = await verify(answer, vector("aws-cli/digest.json"));
    expect(text.stdout).toMatch(
      /^passed, anchored: a digest or proof from outside matches\n\nverified: proof of block 100\n/,
    );
    expect(text.stdout).toMatch(/content +recomputed: it gives the hash\n/);
    expect(text.stdout).toContain("Covered by no hash");
    const sha256 = createHash("sha256").update(readFileSync(answer)).digest("hex");
    expect([text.exitCode, json.exitCode, json.json()]).toMatchObject([
      0,
      0,
      {
        holds: true,
        verdict: "passed",
        assurance: "anchored",
        tool: { name: "ledger-loader" },
        files: [{ location: answer, sha256 }, {}],
        proofs: [{ location: answer, kind: "block", verdict: "passed", digest: { hash: digest["Digest"] } }],
        unproven: [],
      },
    ]);
  });

  it.each([
    [
      "files of a block, a proof and a digest",
      ["aws-cli/block.ion", "aws-cli/block-proof.ion", "aws-cli/digest.json"],
    ],
    ["the proof of a revision", ["aws-cli/block.ion", "aws-cli/revision-proof.ion", "aws-cli/digest.json"]],
    ["a receipt", ["receipts/qldb-api-90-91.json"]],
    ["a hash and its proof", ["receipts/qldb-api-19-35.json", "receipts/qldb-api-19-35.proof.ion"]],
  ])("reads %s", async (_what, names) => {
    const { text } = await verify(...names.map(vector));
    expect([text.exitCode, text.stdout]).toEqual([0, expect.stringMatching(/^passed, anchored/)]);
  });

  it("reads what the AWS CLI prints as text, and a digest as YAML", async () => {
    const answer = write("block.txt", `BLOCK\t${block}\nPROOF\t${proof}\n`);
    const yaml = `Digest: ${String(digest["Digest"])}\nDigestTipAddress:\n  IonText: '{strandId:"KmA3ZZca7vAIiJAK9S5Iwl",sequenceNo:123}'\n`;
    expect((await verify(answer, write("digest.yaml", yaml))).text.exitCode).toBe(0);
  });

  it.each([
    [
      "failed",
      1,
      ["C109151", "C109152"],
      /failed transaction-info-entry: [^]*next: compare the failed files/,
    ],
    ["failed", 1, ["Everett", "Seattle"], /failed revision-hash: [^]*next: compare the failed files/],
    [
      "not-comparable",
      2,
      ["KmA3ZZca", "KmA3ZZcb"],
      /reason +the digest is of strand KmA3ZZca7v[^]*next: supply a digest/,
    ],
  ] as const)("says %s where it does not hold, exit code %i", async (verdict, exitCode, [from, to], says) => {
    const { text, json } = await verify(
      write("x.json", { Block: ion(block.replaceAll(from, to)), Proof: ion(proof) }),
      vector("aws-cli/digest.json"),
    );
    expect([text.exitCode, json.json()]).toMatchObject([
      exitCode,
      { verdict, holds: false, assurance: null },
    ]);
    expect(text.stdout).toMatch(new RegExp(`^${verdict}: `));
    expect(text.stdout).toMatch(says);
  });

  it("takes the digests of --digest and no others", async () => {
    const { Digest: _hash, ...rest } = digest;
    const wrong = write("wrong.json", { ...rest, Digest: Buffer.alloc(32).toString("base64") });
    const words = [
      vector("aws-cli/block.ion"),
      vector("aws-cli/block-proof.ion"),
      vector("aws-cli/digest.json"),
    ];
    expect((await verify(...words)).text.exitCode).toBe(0);
    expect((await verify(...words, "--digest", wrong)).text.exitCode).toBe(1);
    expect(
      (await verify(...words, "--digest", wrong, "--digest", vector("aws-cli/digest.json"))).text.exitCode,
    ).toBe(0);
  });

  it("says which part is missing", async () => {
    const [bare, bareProof] = [vector("aws-cli/block.ion"), vector("aws-cli/block-proof.ion")];
    const tip = vector("aws-cli/digest.json");
    for (const [words, found] of [
      [[bare, tip], /expected a proof: .*found none in .*digest\.json/],
      [[bare, bareProof], /expected a digest: /],
      [[bareProof, tip], /expected what the proof is for: /],
      [
        [bareProof, vector("receipts/qldb-api-90-91.json")],
        /expected the block or revision of the proof in .*block-proof\.ion/,
      ],
      [[write("prose.txt", "no proof at all")], /expected an answer of GetBlock.* in .*prose\.txt/],
    ] as const) {
      const { text } = await verify(...words);
      expect([text.exitCode, text.stderr]).toEqual([2, expect.stringMatching(found)]);
    }
    const unproven = await verify(bare, vector("receipts/qldb-api-90-91.json"));
    expect([unproven.text.exitCode, unproven.text.stdout]).toEqual([
      3,
      expect.stringMatching(/not proven: .*block\.ion/),
    ]);
  });

  it("verifies what this ledger answers, after the server has gone", async () => {
    const server = await serve(join(folder, "data"));
    const files = await savedAnswers(server.endpoint, server.env);
    await server.stop();
    const { text, json } = await verify(...files);
    expect([text.exitCode, json.json()]).toMatchObject([
      0,
      { proofs: [{ kind: "block" }, { kind: "revision", version: 0, content: "recomputed" }] },
    ]);
  });
});

/** Saves the proofs of a block and of its revision, and the digest, as the SDK answers them. */
async function savedAnswers(endpoint: string, env: Readonly<Record<string, string>>): Promise<string[]> {
  const query = async (statement: string): Promise<string> =>
    (await runWords(["ledger", "query", "cars", statement], { env })).stdout;
  await runWords(["ledger", "create", "cars"], { env });
  await query("CREATE TABLE Car");
  const DocumentId = /\w{22}/.exec(await query("INSERT INTO Car VALUE {'vin': 'A1'}"))?.[0];
  const credentials = { accessKeyId: "x", secretAccessKey: "y" };
  const client = new QLDBClient({ region: "us-east-1", endpoint, credentials });
  const tip = await client.send(new GetDigestCommand({ Name: "cars" }));
  const { DigestTipAddress } = tip;
  const ofCars = { Name: "cars", BlockAddress: DigestTipAddress, DigestTipAddress };
  const answers = [
    await client.send(new GetBlockCommand(ofCars)),
    await client.send(new GetRevisionCommand({ ...ofCars, DocumentId })),
    { ...tip, Digest: Buffer.from(tip.Digest ?? []).toString("base64") },
  ];
  client.destroy();
  return answers.map(({ $metadata: _sent, ...answer }, index) => write(`answer-${index}.json`, answer));
}
