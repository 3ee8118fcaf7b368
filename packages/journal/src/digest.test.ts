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

describe("parseDigest", () => {
  it("reads what formatDigest and AWS's tools write", () => {
    const digest = parseDigest(readVector("aws-cli/digest.json"));
    expect(parseDigest(formatDigest(digest))).toEqual(digest);
    // The console's file is an Ion struct.
    const file = `{digest:{{${base64(digest.hash)}}},digestTipAddress:${tip},ledger:"l",date:2024-01-01T00:00:00Z}`;
    expect(parseDigest(file)).toEqual(digest);
    expect(parseDigest(transcodeToBinary(file))).toEqual(digest);
  });

  it.each(["", "{}", "[]", '{"Digest":"AAAA","DigestTipAddress":{"IonText":"{}"}}', "not ion]"])(
    "refuses %j",
    (text) => {
      expect(() => parseDigest(text)).toThrow(MalformedProofError);
    },
  );
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
