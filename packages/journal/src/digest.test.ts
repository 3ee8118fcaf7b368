// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import {
  CommitDigest,
  MalformedProofError,
  dot,
  encodeProof,
  formatDigest,
  parseDigest,
  parseProof,
  statementDigest,
} from "@ledger-loader/journal";
import { hashIon, hashIonString, sha256, transcodeToBinary } from "@ledger-loader/ion";
import { base64, readVector } from "../test/vectors";

const hash = sha256(Uint8Array.of(1));
const tip = '{strandId:"KmA3ZZca7vAIiJAK9S5Iwl",sequenceNo:123}';

/** The bytes as JSON writes them. */
const NUMBERED = JSON.parse(JSON.stringify(hash)) as Readonly<Record<string, number>>;

/** An answer of the AWS SDK for JavaScript, as `JSON.stringify` writes it. */
const json = (Digest: unknown): string => JSON.stringify({ Digest, DigestTipAddress: { IonText: tip } });

describe("parseDigest", () => {
  it("reads what formatDigest and AWS's tools write", () => {
    const digest = parseDigest(readVector("aws-cli/digest.json"));
    expect(parseDigest(formatDigest(digest))).toEqual(digest);
    // The console's file is an Ion struct.
    const file = `{digest:{{${base64(digest.hash)}}},digestTipAddress:${tip},ledger:"l",date:2024-01-01T00:00:00Z}`;
    expect(parseDigest(file)).toEqual(digest);
    expect(parseDigest(transcodeToBinary(file))).toEqual(digest);
  });

  const digestText = base64(hash);
  it.each([
    ["a Uint8Array in JSON", json(NUMBERED)],
    ["a Buffer in JSON", json(Buffer.from(hash))],
    ["a list of numbers", json([...hash])],
    ["text", `${digestText}\nDIGESTTIPADDRESS\t${tip}\n`],
    ["yaml", `Digest: ${digestText}\nDigestTipAddress:\n  IonText: '${tip}'\n`],
    ["yaml-stream", `- Digest: ${digestText}\r\n  DigestTipAddress:\r\n    IonText: '${tip}'\r\n`],
    [
      "yaml, double quotes",
      `Digest: "${digestText}"\nDigestTipAddress:\n  IonText: ${JSON.stringify(tip)}\n`,
    ],
    ["yaml, binary", `Digest: !!binary |\n  ${digestText}\nDigestTipAddress:\n  IonText: '${tip}'\n`],
    ["table", `+--+\n|  Digest|  ${digestText}  |\n||  IonText|  ${tip.replaceAll(",", ", ")}  ||\n`],
    ["ledger digest", `digest  ${digestText}\ntip     ${tip}\n`],
  ])("reads the text form %s", (_form, text) => {
    const tipAddress = { strandId: "KmA3ZZca7vAIiJAK9S5Iwl", sequenceNo: 123 };
    expect(parseDigest(text)).toEqual({ hash, tipAddress });
    expect(parseDigest(new Uint8Array(Buffer.from(text)))).toEqual({ hash, tipAddress });
  });

  it.each([
    ["no tip", digestText],
    ["no digest", tip],
    ["two digests", `${digestText}\n${base64(sha256(hash))}\n${tip}`],
    ["two tips", `${digestText}\n${tip}\n${tip.replace("123", "124")}`],
    ["a longer hash", `A${digestText}\n${tip}`],
  ])("refuses text with %s", (_what, text) => {
    expect(() => parseDigest(text)).toThrow(MalformedProofError);
  });

  it.each([
    json({ ...NUMBERED, 3: 256 }),
    json([...hash].slice(1)),
    json({ 1: 1, 0: 0 }),
    "",
    "{}",
    "[]",
    '{"Digest":"AAAA","DigestTipAddress":{"IonText":"{}"}}',
    "not ion]",
  ])("refuses %j", (text) => {
    expect(() => parseDigest(text)).toThrow(MalformedProofError);
  });
});

describe("parseProof", () => {
  it("reads a bare list, the control plane's answer, and what encodeProof writes", () => {
    const proof = [hash, sha256(hash)];
    const text = `[{{${base64(hash)}}},{{${base64(sha256(hash))}}}]`;
    expect(parseProof(text)).toEqual(proof);
    expect(parseProof(JSON.stringify({ Block: { IonText: "{}" }, Proof: { IonText: text } }))).toEqual(proof);
    expect(parseProof(encodeProof(proof))).toEqual(proof);
  });

  it("refuses what is no proof", () => {
    expect(() => parseProof("[{{AAAA}}]")).toThrow(MalformedProofError);
    expect(() => parseProof("{}")).toThrow(MalformedProofError);
    expect(() => parseProof("7")).toThrow(MalformedProofError);
  });

  it.each(["7", "[", "[{{AAAA}}", '{Proof:{IonText:"["}}', "[1] [2]", "\u0007"])(
    "says once what was expected: %j",
    (text) => {
      for (const parse of [parseProof, parseDigest]) {
        const messages: string[] = [];
        expect(() => {
          try {
            parse(text);
          } catch (error) {
            messages.push((error as Error).message);
            throw error;
          }
        }).toThrow(MalformedProofError);
        expect(messages.join().match(/Expected/g)).toHaveLength(1);
      }
    },
  );
});

describe("statement and commit digests", () => {
  it("fold parameters and statements in order", () => {
    const parameters = ["1", "[1,2]", "null.string"].map((text) => hashIon(transcodeToBinary(text)));
    const folded = dot(dot(dot(hashIonString("S"), parameters[0]!), parameters[1]!), parameters[2]!);
    expect(statementDigest("S", parameters)).toEqual(folded);
    const commit = new CommitDigest("tx");
    expect(commit.hash).toEqual(hashIonString("tx"));
    commit.add(folded);
    expect(commit.hash).toEqual(dot(hashIonString("tx"), folded));
  });
});
