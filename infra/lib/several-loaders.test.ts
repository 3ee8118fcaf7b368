// SPDX-License-Identifier: MIT
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "@jest/globals";
import type { LoaderDefinition } from "@ledger-loader/infra";
import { readFunction } from "../test/synthesized-function";
import { synthesize, synthesizeAll, type SynthesizedStack } from "../test/synthesize";

const LEDGER = { ledgerName: "vehicles", ledgerEndpoint: "https://ledger.example.com" } as const;
const DMS = { channel: "dms", ...LEDGER, engine: "mysql" } as const;

/** Two of one channel with files of their own, beside others. */
const LOADERS: readonly LoaderDefinition[] = [
  { channel: "sqs", ...LEDGER },
  { channel: "kinesis", ...LEDGER, records: "qldb-stream" },
  { ...DMS, mappingFile: "fixtures/dms-mapping.json" },
  { ...DMS, id: "vehicles", mappingFile: "fixtures/vehicle-mapping.json" },
];

it("gives each loader of one app the code and files that it has alone", () => {
  const codes = synthesizeAll(LOADERS).map(codeFolder);
  expect(new Set(codes).size).toBe(LOADERS.length);
  // The folder's name is the hash of what is in it.
  expect(path.basename(codes[1]!)).toBe(path.basename(codeFolder(synthesize(LOADERS[1]!))));
  const mapping = (folder: string) => readFileSync(path.join(folder, "dms-mapping.json"), "utf8");
  expect(mapping(codes[2]!)).not.toBe(mapping(codes[3]!));
});

function codeFolder(stack: SynthesizedStack): string {
  return readFunction(stack, { region: "us-east-1", deadLetterQueueUrl: "https://queue" }).codeFolder;
}
