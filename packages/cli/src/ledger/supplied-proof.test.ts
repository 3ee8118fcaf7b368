// SPDX-License-Identifier: MIT
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { foldProof, parseDigest } from "@ledger-loader/journal";
import { readPrintedAnswer } from "./printed-answer";
import { readSuppliedProof } from "./supplied-proof";

const fixture = (name: string): string =>
  readFileSync(join(__dirname, "../../../export/test/fixtures/aws-cli", name), "utf8").trim();

const digest = parseDigest(fixture("digest.json"));
const block = fixture("block.ion");
const proof = fixture("block-proof.ion");

const single = (ion: string): string => `'${ion.replaceAll("'", "''")}'`;
/** As YAML writers break long scalars: at single spaces between words. */
const folded = (scalar: string): string => scalar.replace(/(?<=\S) (?=\S)/g, "\n    ");
const yaml = (write: (ion: string) => string): string =>
  `Block:\n  IonText: ${write(block)}\nProof:\n  IonText: ${write(proof)}\n`;

/** As the AWS CLI draws a table: a line of its own for the name of a member, and one for its only value. */
const section = (name: string, ion: string): string => {
  const [width, edge] = [ion.length + 14, "-".repeat(ion.length + 14)];
  const title = name.padStart((width + name.length) >> 1).padEnd(width);
  return `||${title}||\n|+---------+${edge.slice(10)}+|\n||  IonText|  ${ion}  ||\n|+---------+${edge.slice(10)}+|\n`;
};
const table = (...members: readonly (readonly [name: string, ion: string])[]): string =>
  `----\n| GetBlock |\n+----+\n${members.map(([name, ion]) => section(name, ion)).join("")}`;

const forms: readonly (readonly [form: string, text: string])[] = [
  ["json", JSON.stringify({ Block: { IonText: block }, Proof: { IonText: proof } }, undefined, 4)],
  ["text", `BLOCK\t${block}\nPROOF\t${proof}\n`],
  ["text with Windows line ends", `BLOCK\t${block}\r\nPROOF\t${proof}\r\n`],
  ["table", table(["Block", block], ["Proof", proof])],
  ["table with Windows line ends", table(["Proof", proof], ["Block", block]).replaceAll("\n", "\r\n")],
  ["yaml", yaml(single)],
  ["yaml, folded", yaml((ion) => folded(single(ion)))],
  ["yaml, double quotes", yaml((ion) => JSON.stringify(ion))],
  ["yaml, double quotes, folded", yaml((ion) => folded(JSON.stringify(ion)))],
  ["yaml-stream", `- Block:\n    IonText: ${single(block)}\n  Proof:\n    IonText: ${single(proof)}\n`],
];

describe("a block's proof as the AWS CLI prints it", () => {
  it.each(forms)("is read in the form %s, and leads to QLDB's digest", (_form, text) => {
    const supplied = readSuppliedProof(Buffer.from(text), "proof", [digest]);
    expect(supplied.blockAddress).toEqual({ strandId: "KmA3ZZca7vAIiJAK9S5Iwl", sequenceNo: 100 });
    expect(foldProof(supplied.start!, supplied.proof)).toEqual(digest.hash);
  });

  it.each([
    ["nothing", ""],
    ["no proof", `BLOCK\t${block}\n`],
    ["no block", `PROOF\t${proof}\n`],
    ["two proofs", `BLOCK\t${block}\nPROOF\t${proof}\nPROOF\t${proof}\n`],
    ["a proof that was cut", `BLOCK\t${block}\nPROOF\t${proof.slice(0, 100)}\n`],
    ["two blocks in a table", table(["Block", block], ["Block", block], ["Proof", proof])],
    ["a proof that was cut in a table", table(["Block", block], ["Proof", proof.slice(0, 100)])],
    ["a table of something else", table(["Ledger", block])],
    ["cut JSON", forms[0]![1].slice(0, 500)],
    ["cut YAML", yaml(single).slice(0, -10)],
    ["a list", "[1, 2]"],
  ])("is refused with %s, by the file's name and without nesting", (_what, text) => {
    const read = (): unknown => readSuppliedProof(Buffer.from(text), "given.txt", [digest]);
    expect(read).toThrow(/^expected (the|an) answer of GetBlock\W.* in given\.txt, [^:]*$/);
  });
});

describe("readPrintedAnswer", () => {
  it.each([
    ["quotes of both kinds", `{'a b':"it's"}`],
    ["backslashes", String.raw`{a:"line\nnext \"word\""}`],
    ["bars", `{a:"| Block |"}`],
    ["words like members", `{a:"Proof: Block: REVISION"}`],
  ])("keeps %s in each form", (_what, ion) => {
    const answers = [
      `REVISION\t${ion}\n`,
      table(["Revision", ion]),
      `Revision:\n  IonText: ${folded(single(ion))}\n`,
      `Revision:\n  IonText: ${folded(JSON.stringify(ion))}\n`,
    ].map(readPrintedAnswer);
    expect(answers).toEqual(answers.map(() => ({ Revision: ion })));
  });
});
