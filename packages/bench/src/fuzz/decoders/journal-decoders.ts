// SPDX-License-Identifier: MIT
import { frameValues, type ManifestPlace, openManifests, readManifestsAt } from "@ledger-loader/export";
import { encodeIon, readFrame, transcodeToBinary } from "@ledger-loader/ion";
import { decodeTransactionInfo, parseDigest, parseProof, verifyBlock } from "@ledger-loader/journal";
import { load } from "ion-js";
import { readVector } from "../fixtures";
import { type FuzzedDecoder, repeated } from "../fuzzed-decoder";

const BRACKETS = [
  ["[", "]"],
  ["{a:", "}"],
  ["a::", ""],
] as const;

const MANIFESTS: readonly string[] = [
  `{keys:["exports/2026/01/KmA3ZZca7vAIiJAK9S5Iwl.0-9.ion","exports/2026/01/KmA3ZZca7vAIiJAK9S5Iwl.10-19.ion"]}`,
  `{"keys":["KmA3ZZca7vAIiJAK9S5Iwl.0-99.10n.gz"]}`,
];

const MANIFEST = "xUWTCPhLpeWE2HFsAIZxoD.KmA3ZZca7vAIiJAK9S5Iwl.completed.manifest";

/** Of the manifest, only its content is damaged. */
function placeOf(content: Uint8Array): ManifestPlace {
  return {
    find: () => Promise.resolve([MANIFEST]),
    read: (location) => Promise.resolve(location === MANIFEST ? content : undefined),
    storageOf: () => ({ locate: () => Promise.resolve({ found: false, tried: [] }) }),
  };
}

const manifest: FuzzedDecoder = {
  name: "manifest",
  what: "completed manifests of journal exports, gzipped ones too",
  samples: () => [
    ...MANIFESTS.map((text) => Buffer.from(text)),
    ...MANIFESTS.map((text) => Buffer.from(encodeIon(load(text) ?? fail()))),
  ],
  words: [
    "keys:[",
    '"a.0-1.ion",',
    "null.list",
    "\x1f\x8b\x08",
    "\xe0\x01\x00\xea",
    ".0-99999999999999999999.ion",
  ],
  brackets: BRACKETS,
  large: (bytes) => [
    repeated(bytes, `"exports/2026/01/KmA3ZZca7vAIiJAK9S5Iwl.0-9.ion",`, "{keys:[", `"a"]}`),
  ],
  dense: (bytes) => [repeated(bytes, `"a",`, "{keys:[", `"a"]}`), repeated(bytes, "{},", "{keys:[", "0]}")],
  decode: async (input) => openManifests(await readManifestsAt("", placeOf(input))).objects,
};

const BLOCKS = [
  "aws-cli/block.ion",
  "streams-dmv/block-summary.ion",
  "unverified/documents-statements-index.ion",
];

const dataObject: FuzzedDecoder = {
  name: "data-object",
  what: "data objects of journal exports: framed, decoded, verified",
  samples: () => BLOCKS.map(readVector).flatMap((text) => [text, Buffer.from(transcodeToBinary(text))]),
  words: [
    "blockAddress:",
    "revisions:[",
    "metadata:{",
    "entriesHashList:[",
    "{{",
    "null",
    "'''",
    "\x8e\xff",
    "\xee\x84\x81\x83",
    "\xe0\x01\x00\xea",
    "$ion_symbol_table::{imports:$ion_symbol_table,symbols:[",
  ],
  brackets: BRACKETS,
  large: (bytes) => BLOCKS.map((file) => repeated(bytes, readVector(file).toString())),
  dense: (bytes) => [
    repeated(bytes, "{}"),
    repeated(bytes, "{{AAAA}},", `{blockAddress:{strandId:"a",sequenceNo:0},entriesHashList:[`, "0]}"),
  ],
  async decode(input) {
    let last: unknown;
    for await (const frame of frameValues(inTwo(input))) {
      const { block, findings } = verifyBlock(readFrame(frame), { hashesOnly: input.length % 2 === 0 });
      if (block?.transactionInfo !== undefined) decodeTransactionInfo(block.transactionInfo);
      last = findings;
    }
    return last;
  },
};

/** In two pieces, so that values and tokens lie across the end of one. */
async function* inTwo(input: Uint8Array): AsyncIterable<Uint8Array> {
  const middle = input.length >> 1;
  yield await Promise.resolve(input.subarray(0, middle));
  yield input.subarray(middle);
}

const proofs: FuzzedDecoder = {
  name: "proofs",
  what: "files of digests and proofs, as AWS's tools print them",
  samples: () =>
    [
      "aws-cli/digest.json",
      "aws-cli/block-proof.ion",
      "receipts/qldb-api-19-35.json",
      "receipts/qldb-api-19-35.proof.ion",
    ].map(readVector),
  words: [
    '"Digest":',
    '"DigestTipAddress":{"IonText":"',
    "Proof:{IonText:",
    "{{",
    "strandId:",
    "sequenceNo:",
    "[{{",
    "=",
    "\n|  ",
  ],
  brackets: [...BRACKETS, ["{IonText:", "}"]],
  large: (bytes) => [
    repeated(bytes, `{{${"A".repeat(43)}=}},`, "[", "null]"),
    repeated(bytes, `{strandId:"KmA3ZZca7vAIiJAK9S5Iwl",sequenceNo:1} `),
  ],
  dense: (bytes) => [
    repeated(bytes, "{{}},", "[", "{{}}]"),
    repeated(bytes, `{strandId: "`),
    repeated(bytes, "A"),
  ],
  decode: (input) => (input.length % 2 === 0 ? parseDigest(input) : parseProof(input)),
};

function fail(): never {
  throw new Error("Expected a value in a sample, found none.");
}

/** The decoders of journal exports and of checks of them. */
export const journalDecoders: readonly FuzzedDecoder[] = [manifest, dataObject, proofs];
